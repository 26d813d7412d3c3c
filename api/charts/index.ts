/** Charts and the formats of what they show. The browser imports the parts it needs; `chart-svg.ts` is the server's. */
export {
  evenColumn,
  formatChange,
  formatCompact,
  formatCount,
  formatMember,
  formatPoints,
  formatNumber,
  formatValue,
  NOTHING,
  UNKNOWN,
  type EvenColumn,
} from "./format-value.ts";
export { formatDate, formatRange } from "./format-date.ts";
export { PALETTE, paletteCss, resolveColours, seriesColour, type Theme } from "./palette.ts";
export { columnOf, isTime, type ChartSpec } from "./chart-spec.ts";
export { chooseChart } from "./choose-chart.ts";
export { measureOf, shownColumns, type ShownColumn } from "./shown-columns.ts";
export { legendOf } from "./series.ts";
export { describeChart } from "./describe-chart.ts";
export { chartHeight, drawChart } from "./draw-chart.ts";
export { forestSvg, type ForestRow } from "./forest.ts";
export { responseCurveSvg, type CurvePicture } from "./response-curve.ts";
export { chartSvg, plotSvg, plotStyleSheet, type ChartSvgOptions } from "./chart-svg.ts";
export { sparkline } from "./sparkline.ts";
export { bridgeSvg, type BridgeSpec } from "./bridge.ts";
export { curveLegend, curveSvg, type CurveSpec } from "./curve.ts";
export { flowSvg, type FlowSpec } from "./flow.ts";
