-- The content of an issued certificate never changes: not by forms, bulk updates or manual SQL.

CREATE OR REPLACE FUNCTION volunteers_certificate_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.code, OLD.issuer, OLD.name, OLD.what, OLD.since, OLD.until, OLD.hours, OLD.competences, OLD.issued_on)
        IS DISTINCT FROM
       (NEW.code, NEW.issuer, NEW.name, NEW.what, NEW.since, NEW.until, NEW.hours, NEW.competences, NEW.issued_on)
    THEN
        RAISE EXCEPTION 'certificate %: the text of a certificate is final', OLD.code
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
        RAISE EXCEPTION 'certificate %: a withdrawal is final', OLD.code
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER certificate_is_final BEFORE UPDATE ON volunteers_certificate
    FOR EACH ROW EXECUTE FUNCTION volunteers_certificate_is_final();
