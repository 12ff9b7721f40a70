-- What public pages show of applications: also how many people one of them stands for;
-- programs/sql/0003_versions.sql says what the trigger does.

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON volunteers_application
    FOR EACH ROW EXECUTE FUNCTION programs_note_change('entry_id', 'status', 'group_size');
