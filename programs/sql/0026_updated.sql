-- „updated_at“ of an entry says when anything of it last changed: by a form, a bulk update, a merge or a list
-- of its (the triggers of 0001_search.sql write those into the facets). What sets the time itself keeps it.
-- The name sorts behind that of programs_entry_index, so that this one sees what that one wrote.

CREATE OR REPLACE FUNCTION programs_entry_updated() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.updated_at = OLD.updated_at AND NEW IS DISTINCT FROM OLD THEN
        NEW.updated_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER programs_entry_updated BEFORE UPDATE ON programs_entry
    FOR EACH ROW EXECUTE FUNCTION programs_entry_updated();
