// Draws a mask on the picture of another field. What is drawn is kept as strokes in the picture’s
// pixels, which are painted on a small canvas, and on one of the picture’s size when they are used.
const mostShown = 1024
const mostPixels = 64e6

/** Opens the tools of a field. `tell` shows why that is not possible. */
export async function open({ field, tool, tell, close, give }) {
  const image = tool.querySelector('img')
  image.src = pictureBeside(field)
  // Without a picture, this is no image.
  await image.decode().catch(() => {})
  const { naturalWidth: width, naturalHeight: height } = image
  if (width === 0) return tell('noPicture')
  if (width * height > mostPixels) return tell('tooLarge')
  // All of a tall picture is in view.
  tool.querySelector('.over').style.maxWidth = `calc(90svh * ${width / height})`
  const note = tool.querySelector('[data-size]')
  note.textContent = note.dataset.size.replace('{size}', `${width} × ${height}`)

  const drawing = drawOn(tool, width, height)
  const { strokes } = drawing
  const does = {
    undo: () => strokes.pop(),
    invert: () => strokes.push({ kind: 'invert' }),
    clear: () => strokes.push({ kind: 'clear' }),
    cancel: close,
    async use() {
      if (drawing.share() === 0) return tell('noDrawing')
      const mask = await write(strokes, width, height)
      if (!mask) return tell('tooLarge')
      give(mask)
      close()
    },
  }
  tool.addEventListener('click', ({ target }) => {
    does[target.dataset.does]?.()
    drawing.redraw()
  })
  // A drawing is used when the form is sent.
  return async () => {
    if (drawing.share() > 0) await does.use()
    close()
  }
}

/** Lets the pointer draw: the strokes, and what is shown of them. */
function drawOn(tool, width, height) {
  const canvas = tool.querySelector('canvas')
  const scale = Math.min(1, mostShown / Math.max(width, height))
  canvas.width = Math.max(1, width * scale)
  canvas.height = Math.max(1, height * scale)
  const sizes = tool.querySelectorAll('.ranged input')
  for (const size of sizes) {
    size.max = Math.ceil(Math.max(width, height) / 3)
    size.value = Math.ceil(Math.max(width, height) / 12)
  }
  const strokes = []
  const shown = canvas.getContext('2d')
  const colours = () => ({ ...sand, paint: getComputedStyle(canvas).color })
  const share = () => shareOf(canvas)
  const redraw = () => {
    shown.clearRect(0, 0, canvas.width, canvas.height)
    for (const stroke of strokes) paint(shown, stroke, scale, colours())
    canvas.ariaLabel = canvas.dataset.label.replace('{share}', share())
  }
  followPointer(canvas, {
    begin() {
      const size = Math.max(1, sizes[1].valueAsNumber || 1)
      const erases = tool.querySelector('[value=eraser]').checked
      strokes.push({ kind: 'stroke', size, erases, points: [] })
    },
    go(shares) {
      const stroke = strokes.at(-1)
      const [before] = stroke.points.slice(-1)
      const points = shares.map(([x, y]) => [x * width, y * height])
      stroke.points.push(...points)
      paint(shown, { ...stroke, points: before ? [before, ...points] : points }, scale, colours())
    },
    end(event) {
      if (event === 'pointercancel') strokes.pop()
      redraw()
    },
  })
  redraw()
  return { strokes, redraw, share }
}

/** The address of the picture in the first other field that has one, as it is shown there. */
function pictureBeside(field) {
  for (const other of document.querySelectorAll('.file-field:not([data-mask])')) {
    if (other === field) continue
    const [chosen] = other.querySelectorAll('.chosen img')
    const kept = other.parentElement.querySelector('.upload .thumb img')
    const typed = URL.parse(other.querySelector('[inputmode=url]').value, document.baseURI)
    const ours = other.querySelector('[inputmode=url]').value && typed?.origin === location.origin
    const found = chosen?.src || kept?.src || (ours ? typed.href : '')
    if (found) return found
  }
  return ''
}
