import { z } from 'zod'
import { listed } from './values.ts'

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

/** The GPUs of engines: ids separated by commas, `0,1`; of several engines, `gpu-1=0,1;gpu-2=0`. */
export function gpus() {
  return z.string().transform((text, context) => {
    const all = listed(text, ';').flatMap((part): [string, readonly string[]][] => {
      const [, named = 'local', ids = ''] = /^(?:([a-z0-9][a-z0-9-]{0,30})=)?(.*)$/.exec(part) ?? []
      const own = listed(ids, ',')
      if (own.length > 0 && own.every((id) => /^[\w-]{1,80}$/.test(id))) return [[named, own]]
      context.addIssue({ code: 'custom', message: `${part} must be ids of GPUs such as 0,1` })
      return []
    })
    return new Map(all)
  })
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
