/** The room a chart is drawn in. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** the browser's drawing answers the pointer */
  readonly tips: boolean;
  readonly tipStyle: {
    readonly fill: string;
    readonly stroke: string;
    readonly lineHeight: number;
    readonly textPadding: number;
    readonly pathFilter: string;
  };
}

export const TIP_STYLE: Frame["tipStyle"] = {
  fill: "var(--chart-surface)",
  stroke: "var(--chart-axis)",
  lineHeight: 1.35,
  textPadding: 9,
  pathFilter: "none",
};
