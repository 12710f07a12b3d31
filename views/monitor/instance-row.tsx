import type { InstanceMemory, InstanceState } from '../../src/domain/instance/state.ts'
import type { Model, Warmth } from '../../src/domain/model/model.ts'
import { formatBytes, formatClock, formatSeconds, plural } from '../format.tsx'
import { warmthNames } from '../model/model-head.tsx'
import { lastLine } from '../outputs/logs.tsx'
import { usePaths } from '../site.ts'

interface InstanceRowProps {
  readonly model: Model
  readonly state: InstanceState
  readonly memory: InstanceMemory | null
  /** Milliseconds since 1970. */
  readonly now: number
}

/** One container or process of a model. */
export function InstanceRow({ model, state, memory, now }: InstanceRowProps) {
  const paths = usePaths()
  const { name, version, startedAt, readyAt, deployment, isOutdated, phase } = state
  const [warmth, word] = stateWords(state)
  const isEarlier = version !== model.version.id
  return (
    <tr>
      <td title={name}>
        <span class='warmth' data-state={warmth}>
          {word}
        </span>
      </td>
      <td>{place(state)}</td>
      <td>
        <a class='mono' href={paths.modelVersion(model.ref, version)} title={version}>
          {version.slice(0, 8)}
        </a>
        {deployment !== null && (
          <>
            {' '}
            <span class='tag'>{deployment}</span>
          </>
        )}
        {isEarlier && (
          <>
            {' '}
            <span class='tag'>not the current</span>
          </>
        )}
        {isOutdated && (
          <>
            {' '}
            <span class='tag'>earlier settings</span>
          </>
        )}
      </td>
      <td>
        <span class='n'>{upTime((now - (readyAt ?? startedAt)) / 1000)}</span>
      </td>
      <td>
        <span class='n'>{memory && memoryText(memory)}</span>
      </td>
      <td>{doing(state, now)}</td>
      <td>
        {phase === 'ready' && <Press action='drain' word='Drain' name={name} />}
        {nonBreakingSpace}
        <Press action='stop' word='Stop' name={name} />
      </td>
    </tr>
  )
}

/** Keeps two buttons on one line. */
const nonBreakingSpace = '\u00a0'

interface PressProps {
  readonly action: 'drain' | 'stop'
  readonly word: string
  /** Of the instance. */
  readonly name: string
}

function Press({ action, word, name }: PressProps) {
  return (
    <button
      class='button bare'
      type='submit'
      name='press'
      value={`${action} ${name}`}
      aria-label={`${word} ${name}`}
    >
      {word}
    </button>
  )
}

/** How full its pit is drawn, and the word beside it. */
function stateWords({ phase, runs, slots }: InstanceState): readonly [Warmth, string] {
  switch (phase) {
    case 'pulling':
      return ['booting', 'Pulling']
    case 'starting':
      return ['booting', 'Starting']
    case 'booting':
      return ['booting', warmthNames.booting]
    case 'leaving':
      return ['busy', 'Draining']
    case 'ready':
      return runs < slots ? ['warm', warmthNames.warm] : ['busy', warmthNames.busy]
  }
}

function place({ engine, gpus }: InstanceState): string {
  const on = engine ?? 'this server'
  if (gpus.length === 0) return on
  return `${on}, ${gpus.length === 1 ? 'GPU' : 'GPUs'} ${gpus.join(', ')}`
}

function upTime(seconds: number): string {
  return seconds < 3600 ? formatClock(seconds) : formatSeconds(seconds)
}

function memoryText({ used, most }: InstanceMemory): string {
  return most === null ? formatBytes(used) : `${formatBytes(used)} of ${formatBytes(most)}`
}

function doing({ phase, pull, logs, runs, slots, idleSince }: InstanceState, now: number): string {
  switch (phase) {
    case 'pulling': {
      if (!pull) return 'looks for its image'
      const { layersDone, layers, done, total } = pull
      const sized = total === null ? '' : `, ${formatBytes(done ?? 0)} of ${formatBytes(total)}`
      return `${layersDone} of ${plural(layers, 'layer')}${sized}`
    }
    case 'starting':
    case 'booting':
      return lastLine(logs)
    case 'leaving':
      return runs === 0 ? 'ends' : `ends after ${plural(runs, 'run')}`
    case 'ready':
      if (runs > 0) return slots > 1 ? `${runs} of ${plural(slots, 'run')}` : '1 run'
      return idleSince === null ? '' : `idle for ${formatClock((now - idleSince) / 1000)}`
  }
}
