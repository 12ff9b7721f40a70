-- The page of a programme says how it protects people; programs/sql/0003_versions.sql says what the trigger does.

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_protectionconcept
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_programmestep
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
