-- How names of organisations are compared: the same one is written in many ways.

CREATE OR REPLACE FUNCTION name_key(value text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
    -- «AK Asyl Süd e. V. (AKAS)» and «Arbeitskreis Asyl Sued» become «arbeitskreis asyl sud»:
    -- no brackets, no punctuation, no legal form, the usual abbreviations in full.
    WITH words AS (
        SELECT trim(regexp_replace(regexp_replace(search_fold(value), '\([^)]*\)?|\[[^]]*\]?', ' ', 'g'),
            '[^[:alnum:]]+', ' ', 'g')) AS folded
    ), plain AS (
        SELECT regexp_replace(regexp_replace(folded, '\m(e v|g?gmbh|gug|haftungsbeschrankt)\M', '', 'g'),
            '( +(ev|eg|ag|ug|kg|gbr|co))+ *$', '') AS left_over
        FROM words
    )
    SELECT trim(regexp_replace(
        replace(replace(replace(replace(replace(replace(replace(
            ' ' || regexp_replace(left_over, ' +', '  ', 'g') || ' ',
            ' ak ', ' arbeitskreis '), ' fk ', ' freundeskreis '), ' ag ', ' arbeitsgemeinschaft '),
            ' ev ', ' evangelische '), ' kath ', ' katholische '), ' st ', ' sankt '),
            ' stgt ', ' stuttgart '),
        ' +', ' ', 'g'))
    FROM plain
$$;

CREATE OR REPLACE FUNCTION name_core(value text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
    -- What tells a name from others of its kind: «Freundeskreis Flüchtlinge Vaihingen» becomes «vaihingen».
    -- A name of such words only stays as it is.
    SELECT coalesce(nullif(trim(regexp_replace(regexp_replace(key,
        '\m(freundeskreise?|freunde|arbeitskreise?|arbeitsgemeinschaft|initiativen?|vereine?|gruppe|projekt'
        '|fluchtlings?(kreis|hilfe|arbeit)?|fluchtlinge|gefluchtete|asyl|stuttgart|stuttgarter|stadt'
        '|fur|und|mit|von|vom|zu|zur|zum|im?|in|am|an|auf|bei|der|die|das|des|dem|den)\M', ' ', 'g'),
        ' +', ' ', 'g')), ''), key)
    FROM (SELECT name_key(value) AS key) AS names
$$;

CREATE OR REPLACE FUNCTION name_in_brackets(value text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
    -- «Arbeitskreis Asyl (AK Asyl)»: the second name, as a key; empty where there is none.
    SELECT coalesce(name_key(substring(value FROM '[(\[]([^)\]]*)')), '')
$$;

CREATE OR REPLACE FUNCTION name_likeness(one text, other text) RETURNS real
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
    -- From 0 to 1. Both the whole name and what tells it from others have to be alike.
    SELECT CASE
        WHEN name_key(one) = name_key(other) THEN 1
        WHEN name_in_brackets(one) = name_key(other) OR name_in_brackets(other) = name_key(one) THEN 0.95
        ELSE least(similarity(name_core(one), name_core(other)),
            (similarity(name_core(one), name_core(other)) + similarity(name_key(one), name_key(other))) / 2)
    END::real
$$;
