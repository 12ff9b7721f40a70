"""The portal's languages: addresses, catalogues and what a page says about itself in other languages."""
