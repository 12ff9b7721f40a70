-- Closures are on the page of a room; programs/sql/0003_versions.sql says what the trigger does.

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON welcome_rooms_closure
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
