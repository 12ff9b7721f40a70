-- What is sent by a form is on no public page until it is confirmed, so a sign-up makes no page anew;
-- programs/sql/0003_versions.sql says what the function does, and what its arguments are.

CREATE OR REPLACE TRIGGER on_public_pages AFTER UPDATE ON volunteers_application
    FOR EACH ROW WHEN (OLD.status <> 'unconfirmed' OR NEW.status <> 'unconfirmed')
    EXECUTE FUNCTION programs_note_change('entry_id', 'status', 'group_size');
CREATE OR REPLACE TRIGGER on_public_pages_since AFTER INSERT ON volunteers_application
    FOR EACH ROW WHEN (NEW.status <> 'unconfirmed') EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages_until AFTER DELETE ON volunteers_application
    FOR EACH ROW WHEN (OLD.status <> 'unconfirmed') EXECUTE FUNCTION programs_note_change();

CREATE OR REPLACE TRIGGER on_public_pages AFTER UPDATE ON volunteers_registration
    FOR EACH ROW WHEN (OLD.status <> 'unconfirmed' OR NEW.status <> 'unconfirmed')
    EXECUTE FUNCTION programs_note_change('event_id', 'status');
CREATE OR REPLACE TRIGGER on_public_pages_since AFTER INSERT ON volunteers_registration
    FOR EACH ROW WHEN (NEW.status <> 'unconfirmed') EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages_until AFTER DELETE ON volunteers_registration
    FOR EACH ROW WHEN (OLD.status <> 'unconfirmed') EXECUTE FUNCTION programs_note_change();

CREATE OR REPLACE TRIGGER on_public_pages AFTER UPDATE ON volunteers_daterequest
    FOR EACH ROW WHEN (OLD.status <> 'unconfirmed' OR NEW.status <> 'unconfirmed')
    EXECUTE FUNCTION programs_note_change(
        'status', 'starts_at', 'minutes', 'kind', 'topic', 'language', 'to_language', 'district_id'
    );
CREATE OR REPLACE TRIGGER on_public_pages_since AFTER INSERT ON volunteers_daterequest
    FOR EACH ROW WHEN (NEW.status <> 'unconfirmed') EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages_until AFTER DELETE ON volunteers_daterequest
    FOR EACH ROW WHEN (OLD.status <> 'unconfirmed') EXECUTE FUNCTION programs_note_change();
