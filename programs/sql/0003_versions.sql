-- Every change of what public pages show leaves a row in programs_contentchange, in the same transaction.
-- The set of these rows is the version by which pages are kept (programs/versions.py).

CREATE OR REPLACE FUNCTION programs_note_change() RETURNS trigger
LANGUAGE plpgsql AS $$
-- Arguments of the trigger: the columns that pages show; without arguments all of them.
DECLARE
    seen jsonb;
    number bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF TG_NARGS = 0 AND OLD IS NOT DISTINCT FROM NEW THEN
            RETURN NULL;
        END IF;
        seen := to_jsonb(OLD);
        IF TG_NARGS > 0 AND NOT EXISTS (
            SELECT FROM unnest(TG_ARGV) AS name WHERE seen -> name IS DISTINCT FROM to_jsonb(NEW) -> name
        ) THEN
            RETURN NULL;
        END IF;
    END IF;
    -- One row for each transaction. The setting ends with the transaction, or when its savepoint is undone.
    IF coalesce(current_setting('portal.content_changed', true), '') = '' THEN
        INSERT INTO programs_contentchange DEFAULT VALUES RETURNING id INTO number;
        PERFORM set_config('portal.content_changed', 'yes', true);
        IF number % 100 = 0 THEN
            -- The new row stands for the old ones. Nobody waits: what another one is deleting is left out.
            DELETE FROM programs_contentchange WHERE id IN (
                SELECT id FROM programs_contentchange WHERE id < number FOR UPDATE SKIP LOCKED
            );
        END IF;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_district
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_district_neighbours
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_entry
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_event
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_field
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_membership
    FOR EACH ROW EXECUTE FUNCTION programs_note_change('user_id', 'organisation_id', 'role', 'until');
CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_opportunity
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_organisation
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_programme
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_programme_partners
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
CREATE OR REPLACE TRIGGER on_public_pages AFTER INSERT OR UPDATE OR DELETE ON programs_targetgroup
    FOR EACH ROW EXECUTE FUNCTION programs_note_change();
