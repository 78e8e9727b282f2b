"""The sample organisation: who is in it and how its teams would answer. All made up; nothing here is stored."""
