-- „published_at“ of an entry says when it was first published: by a form, an import or a bulk update. It stays when
-- the entry is hidden and shown again, and when somebody saves it who has read it before that time was there.

CREATE OR REPLACE FUNCTION programs_entry_published() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.published_at := coalesce(NEW.published_at, OLD.published_at);
    END IF;
    IF NEW.published_at IS NULL AND NEW.is_published AND (TG_OP = 'INSERT' OR NOT OLD.is_published) THEN
        NEW.published_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER programs_entry_published BEFORE INSERT OR UPDATE ON programs_entry
    FOR EACH ROW EXECUTE FUNCTION programs_entry_published();
