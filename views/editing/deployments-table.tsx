import type { Child } from 'hono/jsx'
import { type Hardware, hardwareText } from '../../src/domain/instance/hardware.ts'
import type { Deployment } from '../../src/domain/model/deployment.ts'
import type { DeploymentState } from '../../src/domain/model/deployment-state.ts'
import type { Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { formatAbout, ModelName } from '../format.tsx'
import { warmthNames } from '../model/model-head.tsx'
import { usePaths, useSite } from '../site.ts'

/** A deployment with its load. */
export interface DeploymentLine {
  readonly deployment: Deployment
  /** Whether it runs the version that the model runs now. */
  readonly isNewest: boolean
  /** Of its model; null when there is none of that name. */
  readonly warmth: Warmth | null
  /** Of its own containers; null when it has none of its own. */
  readonly state: DeploymentState | null
  /** What they run on; null where that is not named. */
  readonly hardware: Hardware | null
  /** The usual time of a boot, in milliseconds; null when it is not known. */
  readonly bootMs: number | null
  readonly running: number
  readonly waiting: number
}

interface DeploymentsTableProps {
  readonly lines: readonly DeploymentLine[]
  /** Whether operators have named hardware. */
  readonly hasHardware: boolean
}

export function DeploymentsTable({ lines, hasHardware }: DeploymentsTableProps) {
  const { operator } = useSite()
  const hardware = hasHardware ? ['Hardware'] : []
  const columns = ['Name', 'Model and version', ...hardware, 'Instances', 'Now']
  return (
    <div class='scroll-x' tabindex={0} role='region' aria-label='Deployments, table'>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope='col'>{column}</th>
            ))}
            {operator && (
              <th scope='col'>
                <span class='visually-hidden'>Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Line {...line} hasHardware={hasHardware} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Line(line: DeploymentLine & Pick<DeploymentsTableProps, 'hasHardware'>) {
  const { operator, paths } = useSite()
  const { ref, current } = line.deployment
  return (
    <tr>
      <td>
        <b>{modelName(ref)}</b>
        <br />
        <span class='field-note'>release {current.number}</span>
      </td>
      <td>
        <ModelAndVersion {...line} />
      </td>
      {line.hasHardware && (
        <td>
          <HardwareNamed {...line} />
        </td>
      )}
      <td>
        <span class='n'>
          {current.minInstances} to {current.maxInstances}
        </span>
      </td>
      <td>
        <Now {...line} />
      </td>
      {operator && (
        <td>
          <a
            class='button bare'
            href={paths.deployment(ref)}
            aria-label={`Change ${modelName(ref)}`}
          >
            Change
          </a>
        </td>
      )}
    </tr>
  )
}

function ModelAndVersion({ deployment, isNewest }: DeploymentLine) {
  const paths = usePaths()
  const { model, version } = deployment.current
  return (
    <>
      <a href={paths.model(model)}>
        <ModelName model={model} />
      </a>
      <br />
      <a class='mono' href={paths.modelVersion(model, version)}>
        {version.slice(0, 12)}
      </a>{' '}
      {!isNewest && <span class='tag'>not the newest</span>}
    </>
  )
}

/** Of those without containers of their own there is nothing to say. */
function HardwareNamed({ state, hardware }: DeploymentLine) {
  if (state === null) return null
  if (hardware === null) return <span class='field-note'>any</span>
  return (
    <>
      {hardware.name}
      <br />
      <span class='field-note'>{hardwareText(hardware)}</span>
    </>
  )
}

function Now(line: DeploymentLine) {
  const { state, warmth } = line
  if (state?.kind === 'rolling over')
    return (
      <Described note={rollingNote(state, line)}>
        <span class='status' data-status='starting'>
          Rolling over
        </span>
      </Described>
    )
  if (warmth === null || state?.kind === 'broken')
    return (
      <Described note={loadOf(line)}>
        <span class='status' data-status='failed'>
          {warmth === null ? 'Model not found' : 'Does not start'}
        </span>
      </Described>
    )
  const [fill, words, note] = state
    ? stateWords(state, line)
    : ([warmth, warmthNames[warmth], loadOf(line)] as const)
  return (
    <Described note={note}>
      <span class='warmth' data-state={fill}>
        {words}
      </span>
    </Described>
  )
}

function Described({ note, children }: { readonly note: string; readonly children: Child }) {
  return (
    <>
      {children}
      <br />
      <span class='field-note'>{note}</span>
    </>
  )
}

/** How full its pit is drawn, the words beside it and those below. */
function stateWords(
  state: Exclude<DeploymentState, { kind: 'rolling over' | 'broken' }>,
  line: DeploymentLine,
): readonly [Warmth, string, string] {
  const { running, waiting, bootMs } = line
  switch (state.kind) {
    case 'up':
      return [state.isBusy ? 'busy' : 'warm', `${state.count} up`, loadOf(line)]
    case 'booting':
      return ['booting', `${state.count} starting`, loadOf(line)]
    case 'off':
      return ['cold', 'Off', waiting === 0 ? 'runs nothing' : `runs nothing, ${waiting} waiting`]
    case 'cold':
      if (running + waiting > 0) return ['cold', 'None up', loadOf(line)]
      return ['cold', 'None up', bootNote(bootMs)]
  }
}

function bootNote(bootMs: number | null): string {
  return bootMs === null ? 'starts with the next run' : `starts in ${formatAbout(bootMs)}`
}

function rollingNote(
  { renewed, all, isVersion, problem }: Extract<DeploymentState, { kind: 'rolling over' }>,
  line: DeploymentLine,
): string {
  const goal = isVersion ? 'on the new version' : 'with the new settings'
  const failing = problem === null ? '' : ', which does not start'
  const load = line.running + line.waiting > 0 ? `; ${loadOf(line)}` : ''
  return `${renewed} of ${all} ${goal}${failing}${load}`
}

function loadOf({ running, waiting }: DeploymentLine): string {
  return `${running} running, ${waiting} waiting`
}
