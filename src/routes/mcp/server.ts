import {
  type CallToolResult,
  type ListToolsResult,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server'
import { shortened } from '../../domain/json/excerpt.ts'
import type { JsonObject } from '../../domain/json/json.ts'
import type { ApiDeps } from '../api/api-deps.ts'
import type { ApiContext } from '../api/route.ts'
import { type Call, callOf } from './call.ts'
import { runModel } from './run.ts'
import { toolName } from './tools/names.ts'
import { modelTool, type Offered, offeredModels } from './tools/offered.ts'
import { findingTools, type OwnTool, standingTools } from './tools/own-tools.ts'
import { inputOf } from './tools/schema.ts'

const instructions =
  'Each tool runs a model, and answers with its output and the address of its prediction. A run that takes longer than 45 seconds goes on: call get_prediction with its id. Files are given as http or https URLs or data: URIs.'

/** A list of tools is the same for about as long. */
const listTtlMs = 60_000

/** Tools in one page of the list. */
const pageSize = 50

/** The server for one request. It keeps nothing: everything is found by the token and the arguments. */
export function createServer(c: ApiContext, deps: ApiDeps, waitMs: number): Server {
  const server = new Server(
    { name: 'sandpit', title: 'Sandpit', version: '1' },
    {
      capabilities: { tools: {} },
      instructions,
      cacheHints: { 'tools/list': { ttlMs: listTtlMs, cacheScope: 'private' } },
    },
  )
  server.setRequestHandler('tools/list', async ({ params }) =>
    listTools(await offeredModels(deps, c.get('viewer')), params?.cursor),
  )
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    // The arguments were parsed from JSON.
    const given = (params.arguments ?? {}) as JsonObject
    return callTool(callOf(c, deps, waitMs, context), params.name, given)
  })
  return server
}

function listTools(offered: Offered, cursor = '0'): ListToolsResult {
  const tools = [...offered.asTools.map(modelTool), ...ownTools(offered).map(({ tool }) => tool)]
  const from = Number(cursor)
  if (!Number.isInteger(from) || from < 0 || from > tools.length)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown cursor')
  const next = from + pageSize
  return {
    tools: tools.slice(from, next),
    ...(next < tools.length ? { nextCursor: String(next) } : {}),
  }
}

async function callTool(call: Call, name: string, given: JsonObject): Promise<CallToolResult> {
  const offered = await offeredModels(call.deps, call.viewer)
  const own = ownTools(offered).find(({ tool }) => tool.name === name)
  if (own) return own.call(call, given, offered.all)
  const model = offered.all.find(({ ref }) => toolName(ref) === name)
  if (!model)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${shortened(name)}`)
  return runModel(call, model, inputOf(model.version.schema, given))
}

function ownTools({ all, asTools }: Offered): readonly OwnTool[] {
  return all.length > asTools.length ? [...findingTools, ...standingTools] : standingTools
}
