import { ChosenFile } from '../file-preview.tsx'
import { MaskDrawing } from './mask-drawing.tsx'
import { Recording } from './recording.tsx'

/**
 * Elements and sentences that only the scripts of file inputs show, as the beginning of their source:
 * `toolTemplates`, HTML by its use, and `toolTroubles`, by what is wrong. Pages are smaller without them.
 */
export function toolParts(): string {
  const templates = {
    chosen: <ChosenFile />,
    mask: <MaskDrawing />,
    audio: <Recording kind='audio' />,
    image: <Recording kind='image' />,
    video: <Recording kind='video' />,
  }
  const html = Object.entries(templates).map(([use, part]) => [use, part.toString()])
  return [
    `const toolTemplates = ${JSON.stringify(Object.fromEntries(html))}`,
    `const toolTroubles = ${JSON.stringify(troubles)}\n`,
  ].join('\n')
}

/** Why a tool cannot be used, and what to do instead. */
const troubles = {
  noPicture:
    'No other input has a picture to draw on. Choose one first: a picture at an address elsewhere cannot be drawn on.',
  noDrawing: 'Nothing is painted yet. Paint on the picture, or press Cancel.',
  tooLarge:
    'This picture is too large to draw on in this browser. Choose a mask that was made elsewhere.',
  insecure: 'Browsers only record on pages that are opened by https. Choose a file instead.',
  refused:
    'The browser does not let this page use the microphone or the camera. Allow it in the settings of the page, or choose a file.',
  missing: 'No microphone or camera was found. Connect one, or choose a file.',
  busy: 'The microphone or the camera could not be used. Another program may be using it.',
  unloaded: 'This tool could not be loaded. Check the connection, or choose a file.',
}
