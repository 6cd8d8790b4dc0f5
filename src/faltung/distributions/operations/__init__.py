"""Operations besides the sum: absolute value, extremes, truncation, clipping, order statistics."""
