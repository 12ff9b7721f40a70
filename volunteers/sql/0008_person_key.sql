-- What makes two names one person at one address: case, spaces, punctuation, umlauts («Müller», «Mueller»), accents,
-- «Nachname, Vorname», invisible characters and the letters of an Arabic or a Persian keyboard make no difference.
-- Every word does: «Mohammad Reza» and «Mohammad Ali» are brothers.
--
-- Unique indexes rest on this function: another rule is a new function with new indexes.
CREATE OR REPLACE FUNCTION person_key(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    -- Joiners, fillers, direction marks, variation selectors, tags. The name itself keeps them.
    invisible CONSTANT text := '[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E'
        '\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\U000E0000-\U000E0FFF]';
    between CONSTANT text := '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00BF\u02B9-\u02BF\u0640\u2000-\u206F'
        '\u3000-\u3003]';
    plain text := regexp_replace(normalize(name, NFKC), invisible, '', 'g');
    key text := regexp_replace(plain, '^\s*([^,]+),\s*([^,]+)$', '\2 \1');
BEGIN
    key := lower(regexp_replace(normalize(key, NFKD), '[\u0300-\u036F]', '', 'g'));
    key := regexp_replace(translate(key, 'ßøłđıيىك', 'soldiییک'), '([aou])e', '\1', 'g');
    key := replace(regexp_replace(key, between, '', 'g'), 'ss', 's');
    RETURN coalesce(nullif(key, ''), plain);
END
$$;
