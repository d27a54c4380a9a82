"""`make bench`: times and peak memory of whole commands, as ratios against another program in the same run."""
