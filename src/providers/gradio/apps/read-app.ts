import { isList, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { objectIn, textIn } from '../../../domain/json/parts.ts'
import type { Selection } from '../../upstream/selection.ts'
import { type Component, type Endpoint, readEndpoint } from './endpoint.ts'

/** An app as `/config` describes it. */
export interface AppConfig {
  /** Of Gradio: `6.25.0`. */
  readonly version: string
  readonly title: string
  /** Before the paths of its API: `/gradio_api`, or empty. */
  readonly prefix: string
  /** Whether each message of a generator after the first has what changed, instead of all. */
  readonly sendsChanges: boolean
  /** The largest upload, in bytes; null for no limit. */
  readonly maxFileBytes: number | null
  readonly components: ReadonlyMap<number, Component>
  readonly dependencies: readonly JsonObject[]
}

/** The parts of `/config` that are read: an app may have its pictures and pages in it. */
export const configParts = {
  ...parts('version', 'title', 'protocol', 'api_prefix', 'max_file_size'),
  components: {
    '*': {
      ...parts('id', 'type', 'skip_api'),
      props: {
        ...parts('info', 'type', 'choices', 'allow_custom_value', 'file_types'),
        ...parts('minimum', 'maximum', 'step', 'precision'),
      },
    },
  },
  dependencies: {
    '*': {
      ...parts('id', 'api_name', 'api_description', 'api_visibility', 'show_api'),
      ...parts('inputs', 'outputs', 'types', 'queue'),
    },
  },
  // Why it was refused.
  detail: 'all',
} satisfies Selection

/** The parts of `/info` that are read. */
export const infoParts = {
  named_endpoints: {
    '*': {
      ...parts('description', 'api_visibility', 'show_api'),
      parameters: {
        '*': {
          ...parts('parameter_name', 'parameter_has_default', 'parameter_default'),
          ...parts('label', 'type', 'component'),
        },
      },
      returns: { '*': parts('label', 'type', 'component') },
    },
  },
} satisfies Selection

function parts(...names: readonly string[]): Selection & object {
  return Object.fromEntries(names.map((name) => [name, 'all']))
}

/** Null when it is no configuration of a Gradio app; a sentence when it is of one that cannot be used. */
export function readConfig(json: Json | undefined): AppConfig | string | null {
  const config = objectIn(json)
  const version = textIn(config.version)
  if (version === '' || !isList(config.components) || !isList(config.dependencies)) return null
  const protocol = textIn(config.protocol)
  if (!protocols.has(protocol)) return tooOld(version)
  return {
    version,
    title: textIn(config.title),
    prefix: prefixIn(textIn(config.api_prefix)),
    sendsChanges: protocol !== 'sse_v1',
    maxFileBytes: typeof config.max_file_size === 'number' ? config.max_file_size : null,
    components: new Map(config.components.map((one) => readComponent(objectIn(one)))),
    dependencies: config.dependencies.map(objectIn),
  }
}

const protocols: ReadonlySet<string> = new Set(['sse_v1', 'sse_v2', 'sse_v2.1', 'sse_v3'])

function tooOld(version: string): string {
  return `The app there runs Gradio ${version.slice(0, 20)}. Sandpit needs Gradio 4.15 or later.`
}

function prefixIn(prefix: string): string {
  return /^(?:\/[\w.~-]+)+$/.test(prefix) ? prefix : ''
}

function readComponent({ id, type, props, skip_api }: JsonObject): [number, Component] {
  const kind = textIn(type)
  return [
    Number(id),
    {
      type: kind,
      props: objectIn(props),
      isSkipped: kind === 'state' || skip_api === true,
    },
  ]
}

/** More endpoints than this are not offered. */
const mostEndpoints = 300

/** The endpoints of an app that others may call. `info` is what `/info` returned. */
export function readEndpoints(config: AppConfig, info: Json | undefined): readonly Endpoint[] {
  const named = objectIn(objectIn(info).named_endpoints)
  const found: Endpoint[] = []
  for (const [at, dependency] of config.dependencies.entries()) {
    const name = `/${textIn(dependency.api_name)}`
    const own = Object.hasOwn(named, name) ? objectIn(named[name]) : null
    if (!own || !isPublic(dependency, own) || isNoise(name)) continue
    if (found.some((one) => one.name === name)) continue
    const fn = typeof dependency.id === 'number' ? dependency.id : at
    const { components } = config
    const endpoint = readEndpoint({ name, fn, dependency, info: own, components })
    if (endpoint) found.push(endpoint)
    if (found.length === mostEndpoints) break
  }
  return found
}

/** An endpoint that is private in `/info` still runs when it is called: it is never offered. */
function isPublic(dependency: JsonObject, info: JsonObject): boolean {
  const told = [dependency.api_visibility, info.api_visibility].filter((one) => one !== undefined)
  const isHidden = dependency.show_api === false || info.show_api === false
  return !isHidden && told.every((one) => one === 'public' || one === null)
}

/** Functions without a name of their own, which change the page of the app. */
function isNoise(name: string): boolean {
  return /^\/(?:lambda|_js_fn)(?:_\d+)?$/.test(name)
}
