import { stat } from 'node:fs/promises'
import type { ModelFile } from 'sandpit/model'

type Plain = string | number | boolean | null | Plain[] | { [name: string]: Plain }
type Given = string | number | boolean | null | ModelFile | readonly Given[] | GivenObject
type GivenObject = { readonly [name: string]: Given | undefined }

/** An input as JSON: what was left out is left out, and a secret is no more than its length. */
export async function echoed(
  input: GivenObject,
  password?: string,
): Promise<Record<string, Plain>> {
  const secret = password === undefined ? {} : { password: { length: password.length } }
  return { ...(await echoedObject(input)), ...secret }
}

async function echoedObject(given: GivenObject): Promise<Record<string, Plain>> {
  const told = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [echo(value).then((plain) => [name, plain] as const)],
  )
  return Object.fromEntries(await Promise.all(told))
}

async function echo(given: Given): Promise<Plain> {
  if (isList(given)) return Promise.all(given.map(echo))
  if (typeof given !== 'object' || given === null) return given
  return isFile(given) ? fileFacts(given) : echoedObject(given)
}

async function fileFacts({ name, type, path }: ModelFile): Promise<Plain> {
  return { name, type: type ?? null, size: (await stat(path)).size }
}

function isList(given: Given): given is readonly Given[] {
  return Array.isArray(given)
}

/** Nothing else that this model asks for has a path. */
function isFile(given: ModelFile | GivenObject): given is ModelFile {
  return 'path' in given
}
