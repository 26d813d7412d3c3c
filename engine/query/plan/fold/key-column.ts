/** The column of a key in the parts of a statement: `k0`, `k1`, … by its position among the query's dimensions. */
export const k = (position: number): string => `k${position}`;
