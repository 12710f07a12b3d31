import type { Deployment } from '../../src/domain/model/deployment.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { plural } from '../format.tsx'
import { hx } from '../hx.ts'
import { Layout, Pit } from '../layout.tsx'
import { SettingsHead } from '../settings/settings-head.tsx'
import { usePaths, useSite } from '../site.ts'
import {
  DeploymentForm,
  type DeploymentFormProps,
  type HardwareRowProps,
  type RunBy,
} from './deployment-form.tsx'
import { type DeploymentLine, DeploymentsTable } from './deployments-table.tsx'
import { NewDeploymentRows } from './new-deployment-rows.tsx'
import { type VersionChoice, VersionRow } from './version-row.tsx'

interface DeploymentsPageProps {
  readonly lines: readonly DeploymentLine[]
  /** The names of all models. */
  readonly models: readonly string[]
  /** The versions of the model that is typed; null where they are not known. */
  readonly choices: readonly VersionChoice[] | null
  readonly form: DeploymentFormProps
  readonly hardware: HardwareRowProps
}

/** All deployments, and the form for a new one. */
export function DeploymentsPage(props: DeploymentsPageProps) {
  const { lines, models, choices, form, hardware } = props
  const { operator, paths } = useSite()
  return (
    <Layout title='Deployments' {...(operator ? { current: 'settings' } : {})}>
      {operator ? (
        <SettingsHead current='deployments' />
      ) : (
        <header class='page-head'>
          <h1>Deployments</h1>
        </header>
      )}
      <section aria-labelledby='deployments'>
        <div
          {...hx({
            get: paths.deploymentList(),
            trigger: 'every 4s',
            target: 'this',
            swap: 'innerMorph',
          })}
          {...{ 'hx-status:4xx': 'swap:none', 'hx-status:5xx': 'swap:none' }}
        >
          <DeploymentList lines={lines} hasHardware={hardware.hardware.length > 0} />
        </div>
      </section>
      {operator && (
        <section aria-labelledby='new'>
          <header class='section-head'>
            <h2 id='new'>New deployment</h2>
          </header>
          <DeploymentForm
            {...form}
            runBy={null}
            hardware={hardware}
            action={paths.deployments()}
            button='Create'
            rows={<NewDeploymentRows {...form} {...{ models, choices }} />}
            note={
              <>
                Programs call it at{' '}
                <code>
                  /v1/
                  <wbr />
                  deployments/
                  <wbr />
                  OWNER/NAME/
                  <wbr />
                  predictions
                </code>
              </>
            }
          />
        </section>
      )}
    </Layout>
  )
}

interface DeploymentListProps extends Pick<DeploymentsPageProps, 'lines'> {
  /** Whether operators have named hardware. */
  readonly hasHardware: boolean
}

/** The deployments with what they do now. */
export function DeploymentList({ lines, hasHardware }: DeploymentListProps) {
  const { operator } = useSite()
  return (
    <>
      <header class='section-head'>
        <h2 id='deployments'>{plural(lines.length, 'deployment')}</h2>
        {operator && lines.length > 0 && (
          <a class='button' href='#new'>
            New deployment
          </a>
        )}
      </header>
      {lines.length === 0 ? <NoDeployments /> : <DeploymentsTable {...{ lines, hasHardware }} />}
    </>
  )
}

function NoDeployments() {
  return (
    <div class='empty'>
      <Pit />
      <p>
        A deployment is a name under which programs run a version of a model, within a limit of its
        own. A model from an image gets containers for it alone.
      </p>
    </div>
  )
}

interface DeploymentEditPageProps {
  readonly deployment: Deployment
  readonly form: DeploymentFormProps
  /** The versions of its model; null where only the upstream knows them. */
  readonly choices: readonly VersionChoice[] | null
  readonly runBy: RunBy | null
  readonly hardware: HardwareRowProps
  /** Why its containers do not start, as a sentence; null when they do. */
  readonly failure: string | null
}

/** The form of one deployment. */
export function DeploymentEditPage(props: DeploymentEditPageProps) {
  const { deployment, form, choices, runBy, hardware, failure } = props
  const paths = usePaths()
  const name = modelName(deployment.ref)
  return (
    <Layout title={`Change ${name}`} current='settings'>
      <SettingsHead current='deployments' />
      <section aria-labelledby='change'>
        <header class='section-head'>
          <h2 id='change'>{name}</h2>
          <a class='button bare' href={paths.deploymentDeletion(deployment.ref)}>
            Delete
          </a>
        </header>
        {failure !== null && (
          <section class='error-summary'>
            <h2>Its containers do not start</h2>
            <p>{failure}</p>
          </section>
        )}
        <DeploymentForm
          {...form}
          runBy={runBy}
          hardware={hardware}
          action={paths.deployment(deployment.ref)}
          button='Save'
          rows={<VersionRow {...form} choices={choices} of={form.texts.model} />}
          note={changeNotes[runBy ?? 'elsewhere']}
        />
      </section>
    </Layout>
  )
}

const appliesAtOnce = 'A change applies immediately, to predictions that wait, too.'
const changeNotes: Readonly<Record<RunBy, string>> = {
  containers:
    'New containers start before those of now end. What was sent before runs in the version that it was sent to.',
  processes: appliesAtOnce,
  elsewhere: appliesAtOnce,
}
