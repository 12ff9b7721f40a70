-- «Behörde», «behoerde» and «behorde» become the same word; so does every letter of DIN 91379 and the letter it rests on.

CREATE OR REPLACE FUNCTION search_fold(value text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
    -- What unaccent leaves as it is: letters with two marks, ezh, schwa, signs of transcription and loose marks.
    SELECT regexp_replace(lower(unaccent(translate(
        regexp_replace(normalize(value, NFC), '[\u0300-\u036F]', '', 'g'),
        'ǢǣǼǽǾǿǮǯƷʒƏəĸŉʹʺʾʿˈˌ', 'ÆæÆæØøZzZzEekn'
    ))), '([aou])e', '\1', 'g')
$$;
