import { z } from 'zod'
import { type ModelRef, parseModelRef } from './domain/model.ts'

export interface CogModel {
  readonly ref: ModelRef
  /** `http://gpu-2:5000`. */
  readonly url: string
}

/** A size in bytes: `500MB`. */
export function bytes() {
  const units = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 }
  return z
    .string()
    .regex(/^\d+(?:B|KB|MB|GB)$/i, 'must be a size such as 500MB')
    .transform((text) => {
      const [, number, unit] = /^(\d+)(\D+)$/.exec(text.toUpperCase()) ?? []
      return Number(number) * units[unit as keyof typeof units]
    })
}

/** A time in milliseconds: `90s`. */
export function milliseconds() {
  const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
  return z
    .string()
    .regex(/^\d+(?:ms|s|m|h)$/, 'must be a time such as 90s or 30m')
    .transform((text) => {
      const [, number, unit] = /^(\d+)(\D+)$/.exec(text) ?? []
      return Number(number) * units[unit as keyof typeof units]
    })
}

/** How much in a minute: `600,3000`, or `off`. */
export function rate() {
  return z
    .string()
    .regex(/^(?:off|[1-9]\d*,[1-9]\d*)$/, 'must be off, or two numbers such as 600,3000')
    .transform((text) => {
      const [creations = 0, others = 0] = text.split(',').map(Number)
      return text === 'off' ? null : { creations, others }
    })
}

/** Models and where they are served: `owner/name=http://host:port`, separated by commas. */
export function cogModels() {
  return z.string().transform((text, context) =>
    listed(text, ',').flatMap((entry): CogModel[] => {
      const [name = '', address = ''] = entry.split(/=(.*)/s)
      const ref = parseModelRef(name)
      const url = URL.parse(address)
      if (ref && url && /^https?:$/.test(url.protocol)) return [{ ref, url: url.origin }]
      const message = `${entry} must be owner/name=http://host:port`
      context.addIssue({ code: 'custom', message })
      return []
    }),
  )
}

/** The parts of a text, without the empty ones. */
export function listed(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
