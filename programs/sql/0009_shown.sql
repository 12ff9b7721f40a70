-- What public pages show of pictures, voices and stories is part of the version of the content.

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_picture
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_voice
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_story
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
