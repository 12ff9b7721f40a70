-- „updated_at“ of a Stadtbezirk, a field or a target group says when it was made or last changed. A record that is
-- written again as it was (by load_reference) has not changed.

CREATE OR REPLACE FUNCTION programs_term_updated() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN
        NEW.updated_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER programs_term_updated BEFORE INSERT OR UPDATE ON programs_district
    FOR EACH ROW EXECUTE FUNCTION programs_term_updated();
CREATE OR REPLACE TRIGGER programs_term_updated BEFORE INSERT OR UPDATE ON programs_field
    FOR EACH ROW EXECUTE FUNCTION programs_term_updated();
CREATE OR REPLACE TRIGGER programs_term_updated BEFORE INSERT OR UPDATE ON programs_targetgroup
    FOR EACH ROW EXECUTE FUNCTION programs_term_updated();
