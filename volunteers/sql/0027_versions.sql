-- What public pages show of this app; programs/sql/0003_versions.sql says what the trigger does.

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON volunteers_application
    FOR EACH ROW EXECUTE FUNCTION programs_note_change('entry_id', 'status');

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON volunteers_registration
    FOR EACH ROW EXECUTE FUNCTION programs_note_change('event_id', 'status');

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON volunteers_user
    FOR EACH ROW EXECUTE FUNCTION programs_note_change('is_active');

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON volunteers_daterequest
    FOR EACH ROW EXECUTE FUNCTION programs_note_change(
        'status', 'starts_at', 'minutes', 'kind', 'topic', 'language', 'to_language', 'district_id'
    );
