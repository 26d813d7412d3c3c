/** Texts in and about charts. */
export const charts = {
  before: "Before",
  after: "After",
  tipBefore: "before",
  tipChange: "change",
  firstMembers: (count: number) => `The first ${count} are drawn.`,
  firstRows: (count: number) => `Only the first ${count} rows are drawn.`,
};
