import { type Context, Hono } from 'hono'
import { ConfirmationPage } from '../../../views/editing/confirmation-page.tsx'
import {
  DeploymentEditPage,
  DeploymentList,
  DeploymentsPage,
} from '../../../views/editing/deployments-page.tsx'
import { VersionRow } from '../../../views/editing/version-row.tsx'
import type { Deps } from '../../deps.ts'
import type { Deployment } from '../../domain/model/deployment.ts'
import { startProblem } from '../../domain/model/deployment-state.ts'
import {
  type DeploymentTexts,
  deploymentTexts,
  noDeploymentTexts,
} from '../../domain/model/deployment-texts.ts'
import { modelName, parseModelRef } from '../../domain/model-ref.ts'
import { auditEntry } from '../request/audit.ts'
import { operatorsOnly } from '../request/operators.tsx'
import { fragment, page } from '../request/page.tsx'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'
import { deploymentLines, hardwareRow, runByOf, stateOf } from './deployment-lines.ts'
import { type DeploymentForm, openedDeployment, saveDeployment } from './save-deployment.ts'
import { versionChoices } from './version-choices.ts'

/** The deployments, which everyone sees and operators make, change and delete. */
export function deploymentPageRoutes(deps: Deps) {
  const { deployments, paths } = deps

  function find(c: Context): Deployment | null {
    const ref = parseModelRef(`${c.req.param('owner')}/${c.req.param('name')}`)
    return ref && deployments.find(ref)
  }

  return new Hono()
    .get('/deployments', (c) => drawAll(c, deps, openedDeployment(noDeploymentTexts, 0)))
    .get('/deployments/list', async (c) => {
      const { lines, hardware } = await listed(c, deps)
      const hasHardware = hardware.hardware.length > 0
      return fragment(c, deps, <DeploymentList {...{ lines, hasHardware }} />)
    })
    .use('/deployments/*', operatorsOnly(deps))
    .get('/deployments/versions', async (c) => {
      const name = c.req.query('model') ?? ''
      const choices = await choicesOf(c, deps, name)
      const texts = { ...noDeploymentTexts, model: name }
      return fragment(c, deps, <VersionRow {...{ texts, errors: {}, choices }} />)
    })
    .post('/deployments', operatorsOnly(deps), async (c) => {
      if (c.get('formFields').get('press') === 'list versions')
        return drawAll(c, deps, openedDeployment({ ...textsIn(c), version: '' }, 0))
      const refused = await saveDeployment(c, deps, openedDeployment(textsIn(c), 0), null)
      return refused ? drawAll(c, deps, refused) : c.redirect(paths.deployments(), 303)
    })
    .get('/deployments/:owner/:name', (c) => {
      const known = find(c)
      if (!known) return c.notFound()
      const form = openedDeployment(deploymentTexts(known), known.current.number)
      return draw(c, deps, known, form)
    })
    .post('/deployments/:owner/:name', async (c) => {
      const known = find(c)
      if (!known) return c.notFound()
      const { name, model } = deploymentTexts(known)
      const release = Number(c.get('formFields').get('release'))
      const form = openedDeployment({ ...textsIn(c), name, model }, release)
      const refused = await saveDeployment(c, deps, form, known)
      if (refused && !find(c)) return c.notFound()
      return refused ? draw(c, deps, known, refused) : c.redirect(paths.deployments(), 303)
    })
    .get('/deployments/:owner/:name/deletion', async (c) => {
      const known = find(c)
      if (!known) return c.notFound()
      const { model: ref } = known.current
      const { running, waiting } = await deps.runner.deploymentLoad(ref, known.ref)
      const model = await usableModels(deps, viewerOf(c, deps)).findSoon(ref)
      const ends = model && runByOf(deps, model) === 'containers' ? containersEnd : ''
      const shown = {
        question: 'Delete this deployment?',
        text: `Programs that send predictions to ${modelName(known.ref)} get an error from then on. The ${running + waiting} that run or wait now still run.${ends}`,
        button: 'Delete',
        action: paths.deploymentDeletion(known.ref),
        back: paths.deployment(known.ref),
      }
      return page(c, deps, <ConfirmationPage {...shown} />)
    })
    .post('/deployments/:owner/:name/deletion', async (c) => {
      const known = find(c)
      if (!known) return c.notFound()
      const stated = { detail: 'deleted' }
      const entry = auditEntry(c, deps, 'deployment changed', modelName(known.ref), stated)
      if (!(await deployments.remove(known.ref, entry))) return c.notFound()
      return c.redirect(paths.deployments(), 303)
    })
}

const containersEnd = ' Its containers go once they have no runs.'

function textsIn(c: Context): DeploymentTexts {
  const textOf = (name: string) => c.get('formFields').get(name)?.trim() ?? ''
  return {
    name: textOf('name'),
    model: textOf('model'),
    version: textOf('version'),
    hardware: textOf('hardware'),
    min: textOf('min'),
    max: textOf('max'),
    idle: textOf('idle'),
  }
}

async function drawAll(c: Context, deps: Deps, form: DeploymentForm) {
  const choices = await choicesOf(c, deps, form.texts.model)
  const shown = { ...(await listed(c, deps)), choices, form }
  return page(c, deps, <DeploymentsPage {...shown} />, statusOf(form))
}

/** The deployments that the viewer sees, and the names of the models that they may use. */
async function listed(c: Context, deps: Deps) {
  const viewer = viewerOf(c, deps)
  const all = await usableModels(deps, viewer).all()
  const lines = await deploymentLines(deps, viewer, all)
  return { lines, models: all.map(({ ref }) => modelName(ref)), hardware: hardwareRow(deps) }
}

/** The versions to choose from of the model of that name; null where they are not known. */
async function choicesOf(c: Context, deps: Deps, name: string) {
  const ref = parseModelRef(name)
  const viewer = viewerOf(c, deps)
  const model = ref && (await usableModels(deps, viewer).findSoon(ref))
  return model && versionChoices(deps, viewer, model)
}

async function draw(c: Context, deps: Deps, deployment: Deployment, form: DeploymentForm) {
  const { model: ref } = deployment.current
  const viewer = viewerOf(c, deps)
  const model = await usableModels(deps, viewer).findSoon(ref)
  const choices = model && (await versionChoices(deps, viewer, model))
  const state = model && stateOf(deps, deployment, model)
  const failure = state && startProblem(state)
  const own = { runBy: model && runByOf(deps, model), hardware: hardwareRow(deps), failure }
  const shown = { deployment, form, choices, ...own }
  return page(c, deps, <DeploymentEditPage {...shown} />, statusOf(form))
}

function statusOf({ errors, saved }: DeploymentForm): 200 | 409 | 422 {
  if (saved) return 409
  return Object.keys(errors).length > 0 ? 422 : 200
}
