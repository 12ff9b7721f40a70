-- The same folding as in 0014_search.sql, now IMMUTABLE, so that indexes can rest on it: lists of millions of names
-- are searched and sorted by it. Another rule is a new function with new indexes.
-- While PostgreSQL builds or restores indexes it looks for functions in pg_catalog only, so unaccent stands here
-- with its schema. Whoever searches waits for this function once for each row that may match, so it does only what
-- a text needs; its COST tells the planner.

DO $do$
DECLARE
    home text := (SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace
        WHERE extname = 'unaccent');
BEGIN
    EXECUTE replace($function$
CREATE OR REPLACE FUNCTION search_fold(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 1000 AS $$
DECLARE
    plain text := value;
BEGIN
    IF octet_length(value) = length(value) THEN
        RETURN regexp_replace(lower(value), '([aou])e', '\1', 'g');
    END IF;
    IF value IS NOT NFC NORMALIZED THEN
        plain := normalize(value, NFC);
    END IF;
    -- What unaccent leaves as it is: letters with two marks, ezh, schwa, signs of transcription and loose marks.
    IF plain ~ '[\u0300-\u036FǢǣǼǽǾǿǮǯƷʒƏəĸŉʹʺʾʿˈˌ]' THEN
        plain := translate(regexp_replace(plain, '[\u0300-\u036F]', '', 'g'),
            'ǢǣǼǽǾǿǮǯƷʒƏəĸŉʹʺʾʿˈˌ', 'ÆæÆæØøZzZzEekn');
    END IF;
    RETURN regexp_replace(lower(home.unaccent(plain)), '([aou])e', '\1', 'g');
END
$$
$function$, 'home.', home || '.');
END
$do$;
