import { cogProvider } from './cog/cog.ts'
import { comfyProvider } from './comfyui/comfyui.ts'
import { gradioProvider } from './gradio/gradio.ts'
import { localProvider } from './local/local.ts'
import { openAiProvider } from './openai/openai.ts'
import type { Provider, ProviderParts } from './provider.ts'
import { replicateProvider } from './replicate/replicate.ts'

/** Every provider, in the order in which they are asked for a model. */
const providers: readonly ((parts: ProviderParts) => Provider)[] = [
  localProvider,
  cogProvider,
  gradioProvider,
  comfyProvider,
  openAiProvider,
  replicateProvider,
]

export function createProviders(parts: ProviderParts): readonly Provider[] {
  return providers.map((create) => create(parts))
}
