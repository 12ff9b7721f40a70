-- What an entry is found by; new here: that a group can sign up as one.

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
        UNION ALL SELECT 'for-groups' WHERE NEW.for_groups
    );
    RETURN NEW;
END
$$;
