import type { Probed, Provider, Where } from '../../providers/provider.ts'

/**
 * Asks all providers for what an operator named. The first that found something of its kind has it, in the
 * order of providers; else the first that says why its own cannot be used.
 */
export async function look(
  providers: readonly Pick<Provider, 'probe'>[],
  where: Where,
): Promise<Probed> {
  const all = await Promise.all(providers.map((provider) => provider.probe(where)))
  const probed = all.filter((one) => one !== null)
  const [first] = [
    ...probed.filter(({ kind }) => kind === 'found'),
    ...probed.filter(({ kind }) => kind === 'refused'),
    ...probed.filter((one) => one.kind === 'other' && one.isAway),
  ]
  const [only, ...others] = probed
  if (only && others.length === 0) return only
  return first ?? notRecognised(where.text, probed.length > 0)
}

function notRecognised(text: string, isAddress: boolean): Probed {
  const sentence = isAddress
    ? `A server answers at ${text}, but it is none that Sandpit knows: a Cog container, a server with OpenAI’s API, Ollama, a Gradio app or ComfyUI.`
    : `“${text}” is not a name such as owner/name, a URL or the path of a folder.`
  return { kind: 'other', sentence, isAway: false }
}
