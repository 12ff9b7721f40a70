-- Triggers keep the search columns of programs_entry up to date, whether a form, an import or bulk SQL
-- writes the entry or one of its lists.

CREATE OR REPLACE FUNCTION search_fold(value text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE STRICT AS $$
    -- «Behörde», «behoerde» and «behorde» become the same word.
    SELECT regexp_replace(lower(unaccent(value)), '([aou])e', '\1', 'g')
$$;

CREATE OR REPLACE FUNCTION programs_entry_index() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    lists text;
    owner text;
BEGIN
    SELECT concat_ws(' ',
        (SELECT string_agg(f.name, ' ') FROM programs_entry_fields ef
            JOIN programs_field f ON f.id = ef.field_id WHERE ef.entry_id = NEW.id),
        (SELECT string_agg(t.name, ' ') FROM programs_entry_target_groups et
            JOIN programs_targetgroup t ON t.id = et.targetgroup_id WHERE et.entry_id = NEW.id),
        (SELECT string_agg(d.name, ' ') FROM programs_entry_districts ed
            JOIN programs_district d ON d.number = ed.district_id WHERE ed.entry_id = NEW.id)
    ) INTO lists;
    SELECT title FROM programs_entry WHERE id = NEW.organisation_id INTO owner;

    NEW.search_names := search_fold(concat_ws(' ', NEW.title, lists, owner));
    NEW.search_text := search_fold(concat_ws(' ', NEW.title, lists, owner, NEW.summary,
        NEW.located_at, NEW.description, NEW.requirements, NEW.time_note));
    NEW.search_vector :=
        setweight(to_tsvector('german', NEW.title || ' ' || search_fold(NEW.title)), 'A') ||
        setweight(to_tsvector('german', concat_ws(' ', lists, owner, NEW.located_at, NEW.summary) || ' ' ||
            search_fold(concat_ws(' ', lists, owner, NEW.located_at, NEW.summary))), 'B') ||
        setweight(to_tsvector('german', concat_ws(' ', NEW.description, NEW.requirements) || ' ' ||
            search_fold(concat_ws(' ', NEW.description, NEW.requirements))), 'C');

    NEW.facets := ARRAY(
        SELECT 'kind:' || NEW.kind
        UNION ALL SELECT 'field:' || f.slug FROM programs_entry_fields ef
            JOIN programs_field f ON f.id = ef.field_id WHERE ef.entry_id = NEW.id
        UNION ALL SELECT 'group:' || t.slug FROM programs_entry_target_groups et
            JOIN programs_targetgroup t ON t.id = et.targetgroup_id WHERE et.entry_id = NEW.id
        UNION ALL SELECT 'district:' || ed.district_id FROM programs_entry_districts ed
            WHERE ed.entry_id = NEW.id
        -- What is at one place is not in the whole city, also where nobody knows the district.
        UNION ALL SELECT 'district:all' WHERE NEW.located_at = '' AND NEW.kind <> 'room' AND NOT EXISTS (
            SELECT FROM programs_entry_districts ed WHERE ed.entry_id = NEW.id)
        UNION ALL SELECT 'language:' || l FROM unnest(NEW.languages) AS l
        UNION ALL SELECT 'day:' || d FROM unnest(NEW.weekdays) AS d
        UNION ALL SELECT 'time:' || p FROM unnest(NEW.dayparts) AS p
        UNION ALL SELECT 'without-german' WHERE NEW.without_german
        UNION ALL SELECT 'newcomers' WHERE NEW.newcomers_welcome
    );
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER programs_entry_index BEFORE INSERT OR UPDATE ON programs_entry
FOR EACH ROW EXECUTE FUNCTION programs_entry_index();

-- When a list of an entry changes, update the entry, so that its own trigger writes the columns again.
CREATE OR REPLACE FUNCTION programs_entry_touch() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE programs_entry SET id = id WHERE id = OLD.entry_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE programs_entry SET id = id WHERE id = NEW.entry_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER programs_entry_touch AFTER INSERT OR UPDATE OR DELETE ON programs_entry_fields
FOR EACH ROW EXECUTE FUNCTION programs_entry_touch();
CREATE OR REPLACE TRIGGER programs_entry_touch AFTER INSERT OR UPDATE OR DELETE ON programs_entry_target_groups
FOR EACH ROW EXECUTE FUNCTION programs_entry_touch();
CREATE OR REPLACE TRIGGER programs_entry_touch AFTER INSERT OR UPDATE OR DELETE ON programs_entry_districts
FOR EACH ROW EXECUTE FUNCTION programs_entry_touch();

-- When a term or an organisation is renamed, update the entries that contain its name.
CREATE OR REPLACE FUNCTION programs_entry_renamed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'programs_field' THEN
        UPDATE programs_entry SET id = id WHERE id IN (
            SELECT entry_id FROM programs_entry_fields WHERE field_id = NEW.id);
    ELSIF TG_TABLE_NAME = 'programs_targetgroup' THEN
        UPDATE programs_entry SET id = id WHERE id IN (
            SELECT entry_id FROM programs_entry_target_groups WHERE targetgroup_id = NEW.id);
    ELSIF TG_TABLE_NAME = 'programs_district' THEN
        UPDATE programs_entry SET id = id WHERE id IN (
            SELECT entry_id FROM programs_entry_districts WHERE district_id = NEW.number);
    ELSE
        UPDATE programs_entry SET id = id WHERE organisation_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER programs_entry_renamed AFTER UPDATE OF name, slug ON programs_field
FOR EACH ROW EXECUTE FUNCTION programs_entry_renamed();
CREATE OR REPLACE TRIGGER programs_entry_renamed AFTER UPDATE OF name, slug ON programs_targetgroup
FOR EACH ROW EXECUTE FUNCTION programs_entry_renamed();
CREATE OR REPLACE TRIGGER programs_entry_renamed AFTER UPDATE OF name ON programs_district
FOR EACH ROW EXECUTE FUNCTION programs_entry_renamed();
CREATE OR REPLACE TRIGGER programs_entry_renamed AFTER UPDATE OF title ON programs_entry
FOR EACH ROW WHEN (OLD.title IS DISTINCT FROM NEW.title)
EXECUTE FUNCTION programs_entry_renamed();
