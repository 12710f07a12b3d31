import type { Deployment } from '../../src/domain/model/deployment.ts'
import type { Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { ModelName, plural } from '../format.tsx'
import { Layout, Pit } from '../layout.tsx'
import { warmthNames } from '../model/model-head.tsx'
import { SettingsHead } from '../settings/settings-head.tsx'
import { usePaths, useSite } from '../site.ts'
import {
  DeploymentForm,
  type DeploymentFormProps,
  NewRows,
  VersionRow,
} from './deployment-form.tsx'

/** A deployment with its load. */
export interface DeploymentLine {
  readonly deployment: Deployment
  /** Whether it runs the version that the model runs now. */
  readonly isNewest: boolean
  /** Of its model; null when there is none of that name. */
  readonly warmth: Warmth | null
  readonly running: number
  readonly waiting: number
}

interface DeploymentsPageProps {
  readonly lines: readonly DeploymentLine[]
  /** The names of all models. */
  readonly models: readonly string[]
  readonly form: DeploymentFormProps
}

/** All deployments, and the form for a new one. */
export function DeploymentsPage({ lines, models, form }: DeploymentsPageProps) {
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
        <header class='section-head'>
          <h2 id='deployments'>{plural(lines.length, 'deployment')}</h2>
          {operator && lines.length > 0 && (
            <a class='button' href='#new'>
              New deployment
            </a>
          )}
        </header>
        {lines.length === 0 ? <NoDeployments /> : <Table lines={lines} />}
      </section>
      {operator && (
        <section aria-labelledby='new'>
          <header class='section-head'>
            <h2 id='new'>New deployment</h2>
          </header>
          <DeploymentForm
            {...form}
            action={paths.deployments()}
            button='Create'
            rows={<NewRows {...form} models={models} />}
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

function NoDeployments() {
  return (
    <div class='empty'>
      <Pit />
      <p>
        A deployment is a name under which a model runs with a limit of its own: programs that use
        it leave room for others.
      </p>
    </div>
  )
}

function Table({ lines }: Pick<DeploymentsPageProps, 'lines'>) {
  const { operator } = useSite()
  const columns = ['Name', 'Model and version', 'Instances', 'Now']
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
            <Line {...line} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Line({ deployment, isNewest, warmth, running, waiting }: DeploymentLine) {
  const { operator, paths } = useSite()
  const { ref, current } = deployment
  return (
    <tr>
      <td>
        <b>{modelName(ref)}</b>
        <br />
        <span class='field-note'>release {current.number}</span>
      </td>
      <td>
        <a href={paths.model(current.model)}>
          <ModelName model={current.model} />
        </a>
        <br />
        <a class='mono' href={paths.modelVersion(current.model, current.version)}>
          {current.version.slice(0, 12)}
        </a>{' '}
        {!isNewest && <span class='tag'>not the newest</span>}
      </td>
      <td>
        <span class='n'>
          {current.minInstances} to {current.maxInstances}
        </span>
      </td>
      <td>
        {warmth === null ? (
          <span class='status' data-status='failed'>
            Model not found
          </span>
        ) : (
          <span class='warmth' data-state={warmth}>
            {warmthNames[warmth]}
          </span>
        )}
        <br />
        <span class='field-note'>
          {running} running, {waiting} waiting
        </span>
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

interface DeploymentEditPageProps {
  readonly deployment: Deployment
  readonly form: DeploymentFormProps
  readonly versions: readonly string[]
  readonly current: string | null
}

/** The form of one deployment. */
export function DeploymentEditPage(props: DeploymentEditPageProps) {
  const { deployment, form, versions, current } = props
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
        <DeploymentForm
          {...form}
          action={paths.deployment(deployment.ref)}
          button='Save'
          rows={<VersionRow {...form} versions={versions} current={current} />}
          note='A change applies immediately, to predictions that wait, too.'
        />
      </section>
    </Layout>
  )
}
