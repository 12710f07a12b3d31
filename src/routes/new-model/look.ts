import { webUrl } from '../../domain/address.ts'
import type { Probed, Provider, Where } from '../../providers/provider.ts'

/**
 * Asks all providers for what an operator named. The first that found something of its kind has it, in the
 * order of providers; else the one that is sure to be meant, or the first that says why its own cannot be used.
 */
export async function look(
  providers: readonly Pick<Provider, 'probe' | 'startsOnDemand'>[],
  where: Where,
): Promise<Probed> {
  const asked = providers.filter(({ startsOnDemand }) => !where.onDemand || startsOnDemand)
  const all = await Promise.all(asked.map((provider) => provider.probe(where)))
  const probed = all.filter((one) => one !== null)
  const [usable] = [
    ...probed.filter(({ kind }) => kind === 'found'),
    ...probed.filter(({ kind }) => kind === 'pending'),
    ...probed.filter((one) => one.kind === 'refused' && one.isSure),
    ...probed.filter(({ kind }) => kind === 'refused'),
  ]
  if (usable) return usable
  const others = probed.filter((one) => one.kind === 'other')
  const away = others.find(({ isAway }) => isAway)
  if (away) return { ...away, sentence: `${away.sentence} ${reachable}` }
  const [only, ...more] = others
  if (only && more.length === 0) return only
  const mayStart = others.some((one) => one.mayStart)
  return { ...notRecognised(where.text, more.length > 0), mayStart }
}

const reachable =
  'Check the address, that the server is started, and that it listens for this machine.'

function notRecognised(text: string, isAddress: boolean): Extract<Probed, { kind: 'other' }> {
  const sentence = isAddress
    ? `A server answers at ${text}, but it is none that Sandpit knows: a Cog container, a server with OpenAI’s API, Ollama, a Gradio app or ComfyUI. If its API has a path of its own, enter that, too.`
    : unknownText(text)
  return { kind: 'other', sentence, isAway: false }
}

function unknownText(text: string): string {
  const url = URL.parse(text)
  if (url && /^https?:$/.test(url.protocol) && webUrl(text) === null)
    return 'Enter the address without a user name and a password. A key is asked for where a server wants one.'
  return `“${text}” is not a name such as owner/name, a URL or the path of a folder.`
}
