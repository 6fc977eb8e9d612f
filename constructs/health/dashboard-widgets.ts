/** A widget of a dashboard's body, without its place. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
export interface Widget {
  readonly type: 'text' | 'metric';
  /** Of the 24 columns. */
  readonly width: number;
  /** In units of the grid. */
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A line of a graph: a metric, or an expression over the `id`s of others. */
export interface Line {
  readonly label: string;
  /** Namespace, name, and the name and value of a dimension. */
  readonly metric?: readonly [namespace: string, name: string, dimension: string, value: string];
  readonly expression?: string;
  readonly id?: string;
  /** Only there for an expression. @default true */
  readonly visible?: boolean;
  /** @default 'Sum' */
  readonly stat?: string;
}

const COLUMNS = 24;
const PERIOD_SECONDS = 300;

/** A paragraph across the whole dashboard. */
export const text = (markdown: string): Widget => ({
  type: 'text',
  width: COLUMNS,
  height: 2,
  properties: { markdown, background: 'transparent' },
});

/** A graph; two stand side by side. */
export const graph = (region: string, title: string, lines: readonly Line[], unit: string): Widget => ({
  type: 'metric',
  width: COLUMNS / 2,
  height: 6,
  properties: {
    title,
    region,
    view: 'timeSeries',
    period: PERIOD_SECONDS,
    metrics: lines.map(({ label, metric, expression, id, visible = true, stat = 'Sum' }) =>
      metric === undefined
        ? [{ expression, label, id }]
        : [...metric, { label, stat, ...(id !== undefined && { id }), ...(!visible && { visible }) }],
    ),
    yAxis: { left: { min: 0, label: unit, showUnits: false } },
  },
});

/** The widgets with their places: left to right, then top to bottom, in the order given. */
export function layOut(widgets: readonly Widget[]) {
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  return widgets.map((widget) => {
    if (x + widget.width > COLUMNS) {
      x = 0;
      y += rowHeight;
      rowHeight = 0;
    }
    const placed = { ...widget, x, y };
    x += widget.width;
    rowHeight = Math.max(rowHeight, widget.height);
    return placed;
  });
}
