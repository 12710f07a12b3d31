import type { Tool } from '@modelcontextprotocol/server'
import { shortened } from '../../../domain/json/excerpt.ts'
import { makes } from '../../../domain/model/makes.ts'
import type { Model } from '../../../domain/model/model.ts'
import { isDescribed } from '../../../domain/model/model.ts'
import { modelName } from '../../../domain/model-ref.ts'
import type { Viewer } from '../../../domain/people/viewer.ts'
import { may } from '../../../domain/policy.ts'
import type { ApiDeps } from '../../api/api-deps.ts'
import { usableModels } from '../../request/usable-models.ts'
import { toolName } from './names.ts'
import { toolSchema } from './schema.ts'

/** Assistants choose badly among more tools, and pay for each of them in each turn. */
const mostModelTools = 40

/** The models that an assistant may run, and those of them that are tools of their own. */
export interface Offered {
  readonly all: readonly Model[]
  readonly asTools: readonly Model[]
}

/**
 * The models that are offered to a viewer: those that they may run and that operators do not keep from assistants.
 * Where there are many, those are tools that operators chose, and the others are found by a search.
 */
export async function offeredModels(deps: ApiDeps, viewer: Viewer): Promise<Offered> {
  const { records } = deps
  const toolOf = ({ ref }: Model) => records.find(ref)?.settings.tool ?? null
  const all = (await usableModels(deps, viewer).all()).filter(
    (model) =>
      model.broken === null &&
      isDescribed(model) &&
      toolOf(model) !== 'never' &&
      may(viewer, 'run', { model }),
  )
  if (all.length <= mostModelTools) return { all, asTools: all }
  const chosen = all.filter((model) => toolOf(model) === 'always')
  return { all, asTools: chosen.slice(0, mostModelTools) }
}

/** A model as a tool. */
export function modelTool(model: Model): Tool {
  const description = shortened(`${model.description} Makes: ${makes(model)}.`.trim(), 1_000)
  return {
    name: toolName(model.ref),
    title: modelName(model.ref),
    description: description.toWellFormed(),
    inputSchema: toolSchema(model.version.schema),
    annotations: {
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: false,
      openWorldHint: true,
    },
  }
}
