import { objectIn } from '../../../domain/json/parts.ts'
import { createSemaphore } from '../../../semaphore.ts'
import type { RequestHeaders, UpstreamClient } from '../../upstream/client.ts'
import { classParts, type NodeClass, readNodeClass } from '../workflow/node-class.ts'
import type { NodeClasses } from '../workflow/offer.ts'
import type { Workflow } from '../workflow/workflow.ts'

export interface Asked {
  readonly url: string
  readonly headers: RequestHeaders
  readonly client: UpstreamClient
}

const mostAtOnce = 4

/**
 * The classes of a workflow's nodes that a server has, one after another: all that it has are megabytes.
 * Rejects with `RequestError`.
 */
export async function classesOf(
  workflow: Workflow,
  { url, headers, client }: Asked,
): Promise<NodeClasses> {
  const semaphore = createSemaphore(mostAtOnce)
  const names = [...new Set(workflow.map(({ classType }) => classType))]
  const found = await Promise.all(
    names.map((name) =>
      semaphore.run(async () => {
        const address = `${url}/object_info/${encodeURIComponent(name)}`
        const { json } = await client.get(address, headers, { [name]: classParts })
        return [name, readNodeClass(objectIn(json)[name])] as const
      }),
    ),
  )
  const known = found.filter((one): one is readonly [string, NodeClass] => one[1] !== null)
  return new Map(known)
}
