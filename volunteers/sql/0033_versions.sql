-- Who answers a sign-up is on the page of an entry; programs/sql/0003_versions.sql says what the trigger does.

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON volunteers_linkanswering
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
