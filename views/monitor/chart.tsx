import type { Child } from 'hono/jsx'

/** The size of a chart in its own units: it is as wide as there is room. */
const width = 240
const height = 50

interface ChartProps {
  /** Above it, as a sentence without a full stop. */
  readonly caption: string
  /** The same and what it shows, for those who do not see it. */
  readonly label: string
  /** When it begins; it ends now. */
  readonly from: Child
  /** How its lines are to be read. */
  readonly lines?: string
  readonly children: Child
}

/** A chart that the server has drawn. */
function Chart({ caption, label, from, lines = '', children }: ChartProps) {
  return (
    <figure>
      <figcaption>{caption}</figcaption>
      <svg
        class='wave'
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio='none'
        role='img'
        aria-label={label}
      >
        {children}
      </svg>
      <p class='field-note'>
        From {from} until now{lines}
      </p>
    </figure>
  )
}

interface BarsProps extends Omit<ChartProps, 'lines' | 'children'> {
  /** One bar for each time: what succeeded or was canceled, and above it what failed. */
  readonly bars: readonly { readonly well: number; readonly failed: number }[]
}

/** How many runs ended in each time. */
export function BarChart({ bars, ...chart }: BarsProps) {
  const most = Math.max(1, ...bars.map(({ well, failed }) => well + failed))
  const each = width / bars.length
  const pathOf = (part: (bar: (typeof bars)[number]) => readonly [from: number, to: number]) =>
    bars
      .map((bar, index) => {
        const [from, to] = part(bar).map((count) => height - (height * count) / most)
        if (from === undefined || to === undefined || from === to) return ''
        return `M${short(index * each + 1)} ${short(from)}H${short((index + 1) * each - 1)}V${short(to)}H${short(index * each + 1)}z`
      })
      .join('')
  return (
    <Chart {...chart}>
      <path fill='currentColor' fill-opacity='.45' d={pathOf(({ well }) => [0, well])} />
      <path fill='var(--bad)' d={pathOf(({ well, failed }) => [well, well + failed])} />
    </Chart>
  )
}

interface LinesProps extends Omit<ChartProps, 'lines' | 'children'> {
  /** One point for each time, in milliseconds; null where nothing was measured. */
  readonly usual: readonly (number | null)[]
  readonly long: readonly (number | null)[]
}

/** How long something took: the usual time as a line, and the long one dashed. */
export function LineChart({ usual, long, ...chart }: LinesProps) {
  const most = Math.max(1, ...[...usual, ...long].map((value) => value ?? 0))
  const each = width / usual.length
  const pathOf = (values: readonly (number | null)[]) =>
    values
      .map((value, index) => {
        if (value === null) return ''
        const isFirst = index === 0 || values[index - 1] === null
        const at = short((index + 0.5) * each)
        const y = short(height - 1 - ((height - 2) * value) / most)
        // A point without neighbours is drawn as a short line.
        return `${isFirst ? `M${short((index + 0.3) * each)} ${y}L` : 'L'}${at} ${y}`
      })
      .join('')
  const line = { fill: 'none', stroke: 'currentColor', 'vector-effect': 'non-scaling-stroke' }
  return (
    <Chart {...chart} lines='; line: p50, dashes: p95'>
      <path {...line} d={pathOf(usual)} />
      <path {...line} stroke-dasharray='5 3' d={pathOf(long)} />
    </Chart>
  )
}

function short(value: number): number {
  return Math.round(value * 10) / 10
}
