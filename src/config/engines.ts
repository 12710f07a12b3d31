import { z } from 'zod'
import type { Hardware } from '../domain/instance/hardware.ts'
import { bytes, listed } from './values.ts'

/** A container engine. */
export interface EngineSetting {
  /** Its name among several: `gpu-2`; `local` for the one of a configuration that names none. */
  readonly name: string
  /** As `DOCKER_HOST` writes it: `unix:///var/run/docker.sock`, `tcp://gpu-2:2376`. */
  readonly url: string
}

/** A user and a password for the host of a registry. */
export interface RegistrySetting {
  readonly host: string
  readonly user: string
  readonly password: string
}

const engineUrl = /^(?:unix:\/\/\/\S+|tcp:\/\/[\w.-]+:\d{1,5})$/

/** Container engines: a URL, or several as `name=url`, separated by `;`. */
export function engines() {
  return z.string().transform((text, context) => {
    const all = listed(text, ';')
    return all.flatMap((part): EngineSetting[] => {
      const [, named, own] = /^([a-z0-9][a-z0-9-]{0,30})=(.*)$/.exec(part) ?? []
      const url = own ?? part
      if (engineUrl.test(url) && (named !== undefined || all.length === 1))
        return [{ name: named ?? 'local', url }]
      const message = `${part} must be unix:///path or tcp://host:port, with name= before it where there are several`
      context.addIssue({ code: 'custom', message })
      return []
    })
  })
}

/** A GPU of an engine. */
export interface GpuSetting {
  /** Its index, or its UUID. */
  readonly id: string
  /** Its memory in bytes; null when it is not given: then nobody shares it. */
  readonly bytes: number | null
}

/**
 * The GPUs of engines: ids separated by commas, each with its memory where several share it, `0:46GB,1`; of several
 * engines, `gpu-1=0,1;gpu-2=0`.
 */
export function gpus() {
  return z.string().transform((text, context) => {
    const all = listed(text, ';').flatMap((part): [string, readonly GpuSetting[]][] => {
      const [, named = 'local', ids = ''] = /^(?:([a-z0-9][a-z0-9-]{0,30})=)?(.*)$/.exec(part) ?? []
      const own = listed(ids, ',').map(gpuIn)
      const known = own.flatMap((one) => one ?? [])
      if (own.length > 0 && known.length === own.length) return [[named, known]]
      const message = `${part} must be ids of GPUs such as 0,1 or with their memory, 0:46GB`
      context.addIssue({ code: 'custom', message })
      return []
    })
    return new Map(all)
  })
}

function gpuIn(text: string): GpuSetting | null {
  const [, id, memory] = /^([\w-]{1,80})(?::(.+))?$/.exec(text) ?? []
  const bytes = memory === undefined ? null : bytesIn(memory)
  return id === undefined || (memory !== undefined && bytes === null) ? null : { id, bytes }
}

/** Hardware by name, `;` between them: `large=gpus:1,memory:64GB;small=gpu-memory:12GB,engine:gpu-2;cpu=cpus:4`. */
export function hardware() {
  return z.string().transform((text, context) => {
    const all = listed(text, ';').flatMap((part): Hardware[] => {
      const read = hardwareIn(part)
      if (typeof read !== 'string') return [read]
      context.addIssue({ code: 'custom', message: read })
      return []
    })
    const names = all.map(({ name }) => name)
    const twice = names.find((name, at) => names.indexOf(name) !== at)
    if (twice !== undefined)
      context.addIssue({ code: 'custom', message: `${twice} is given twice` })
    return all
  })
}

/** Hardware, or what is wrong with it. */
function hardwareIn(text: string): Hardware | string {
  const [, name, rest = ''] = /^([a-z0-9][a-z0-9-]{0,62})=(.*)$/.exec(text) ?? []
  if (name === undefined) return `${text} must begin with a name of small letters, as in cpu=cpus:4`
  const parts = new Map(
    listed(rest, ',').map((part) => {
      const at = part.indexOf(':')
      return [part.slice(0, at), part.slice(at + 1)] as const
    }),
  )
  const unknown = [...parts.keys()].find((key) => !hardwareParts.includes(key))
  if (unknown !== undefined || parts.size === 0)
    return `${name} may have ${hardwareParts.join(', ')}, as in ${name}=cpus:4,memory:8GB`
  const gpus = parts.has('gpus') ? Number(parts.get('gpus')) : 0
  const cpus = parts.has('cpus') ? Number(parts.get('cpus')) : null
  const memory = parts.has('memory') ? bytesIn(parts.get('memory')) : null
  const gpuBytes = parts.has('gpu-memory') ? bytesIn(parts.get('gpu-memory')) : null
  if (!Number.isInteger(gpus) || gpus < 0 || gpus > 64) return `${name}: gpus must be 0 to 64`
  if (cpus !== null && !(cpus > 0 && cpus <= 1_024)) return `${name}: cpus must be 0.01 to 1024`
  if (parts.has('memory') && memory === null) return `${name}: memory must be a size such as 8GB`
  if (parts.has('gpu-memory') && gpuBytes === null)
    return `${name}: gpu-memory must be a size such as 12GB`
  if (gpus > 0 && gpuBytes !== null) return `${name} has either gpus or gpu-memory`
  return { name, engine: parts.get('engine') ?? null, gpus, gpuBytes, memory, cpus }
}

const hardwareParts = ['engine', 'gpus', 'gpu-memory', 'memory', 'cpus']

/** A size such as `46GB` in bytes, as `bytes` reads it; null for another text. */
function bytesIn(text: string | undefined): number | null {
  const read = bytes().safeParse(text)
  return read.success ? read.data : null
}

/** Logins for registries: `ghcr.io=user:password`, separated by commas. */
export function registries() {
  return z.string().transform((text, context) =>
    listed(text, ',').flatMap((part): RegistrySetting[] => {
      const [, host, user, password] = /^([\w.:-]+)=([^:]+):(.+)$/.exec(part) ?? []
      if (host !== undefined && user !== undefined && password !== undefined)
        return [{ host: host.toLowerCase(), user, password }]
      context.addIssue({ code: 'custom', message: 'each must be host=user:password' })
      return []
    }),
  )
}
