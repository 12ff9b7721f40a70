-- What public pages show of this app; programs/sql/0003_versions.sql says what the trigger does.

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON welcome_rooms_carrierperiod
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON welcome_rooms_openinghours
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON welcome_rooms_roomoffer
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON welcome_rooms_welcomeroom
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
