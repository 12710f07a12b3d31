import { type Context, Hono } from 'hono'
import { ConfirmationPage } from '../../../views/editing/confirmation-page.tsx'
import { plural } from '../../../views/format.tsx'
import type { Deps } from '../../deps.ts'
import type { ModelSource } from '../../domain/model/record.ts'
import { type ModelRef, modelName, parseModelRef } from '../../domain/model-ref.ts'
import type { SourceVersion } from '../../providers/model-sources.ts'
import {
  deploymentsWith,
  keptVersions,
  sourceWithDefault,
  sourceWithout,
} from '../kept-versions.ts'
import { auditEntry } from '../request/audit.ts'
import { operatorsOnly } from '../request/operators.tsx'
import { page } from '../request/page.tsx'

const below = '/settings/models/:owner/:name/versions/:id'

/** What operators do with the versions that a model keeps to be run. */
export function versionSettingsRoutes(deps: Deps) {
  const { records, store, paths } = deps

  function find(c: Context): { readonly ref: ModelRef; readonly kept: SourceVersion } | null {
    const ref = parseModelRef(`${c.req.param('owner')}/${c.req.param('name')}`)
    const kept =
      ref && keptVersions(deps, ref).find(({ version }) => version.id === c.req.param('id'))
    return kept ? { ref, kept } : null
  }

  async function save(c: Context, ref: ModelRef, source: ModelSource, detail: string) {
    const entry = auditEntry(c, deps, 'model changed', modelName(ref), { detail })
    await records.save({ ...records.of(ref), source }, entry)
  }

  async function askRemoval(c: Context, ref: ModelRef, kept: SourceVersion, status: 200 | 422) {
    const { id } = kept.version
    const runs = (await store.versionsOf(ref)).find((one) => one.id === id)?.runs ?? 0
    const problem = whyKept(deps, ref, kept)
    const shown = {
      question: `Remove version ${id.slice(0, 12)} of ${modelName(ref)}?`,
      text:
        problem ??
        `${kept.named} can then no longer be run. ${madeWith(runs)} To have it back, add its image again.`,
      button: problem === null ? 'Remove version' : null,
      action: paths.versionRemoval(ref, id),
      back: paths.modelVersions(ref),
    }
    return page(c, deps, <ConfirmationPage {...shown} />, status)
  }

  return new Hono()
    .use('/settings/models/:owner/:name/versions/*', operatorsOnly(deps))
    .post(`${below}/default`, async (c) => {
      const found = find(c)
      if (!found) return c.notFound()
      const { ref, kept } = found
      const { id } = kept.version
      const source = kept.isDefault ? null : sourceWithDefault(deps, ref, id)
      if (source) await save(c, ref, source, `version ${id.slice(0, 12)} runs by default`)
      return c.redirect(paths.modelVersions(ref), 303)
    })
    .get(`${below}/removal`, (c) => {
      const found = find(c)
      return found ? askRemoval(c, found.ref, found.kept, 200) : c.notFound()
    })
    .post(`${below}/removal`, async (c) => {
      const found = find(c)
      if (!found) return c.notFound()
      const { ref, kept } = found
      const { id } = kept.version
      if (whyKept(deps, ref, kept) !== null) return askRemoval(c, ref, kept, 422)
      const source = sourceWithout(deps, ref, id)
      if (!source) return c.notFound()
      await save(c, ref, source, `version ${id.slice(0, 12)} removed`)
      await store.removeVersion(ref, id)
      return c.redirect(paths.modelVersions(ref), 303)
    })
}

/** Why a version is not removed, as sentences; null when it can be. */
function whyKept(deps: Deps, ref: ModelRef, { version, isDefault }: SourceVersion): string | null {
  if (isDefault) return 'It runs by default. Make another one the default first.'
  const held = deploymentsWith(deps, ref, version.id)
  if (held.length === 0) return null
  const names = new Intl.ListFormat('en').format(held)
  const who = held.length === 1 ? `The deployment ${names} runs` : `The deployments ${names} run`
  return `${who} it. Choose another version there first.`
}

function madeWith(runs: number): string {
  if (runs === 0) return 'Nothing was made with it.'
  const made = `${plural(runs, 'prediction')} ${runs === 1 ? 'was' : 'were'} made with it`
  return `${made}: those that have ended stay as they are, those that wait will fail.`
}
