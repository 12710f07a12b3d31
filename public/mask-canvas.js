// How strokes of a mask are made and painted. `mask.js` and this file are one module.
export const sand = { erase: 'destination-out', invert: 'xor' }
export const white = { paint: '#fff', erase: 'source-over', invert: 'difference' }

/**
 * Calls `begin`, `go` with new points, and `end` for each stroke of a mouse, a finger or a pen. A
 * point is in shares of the width and the height. Two fingers scroll: that cancels the stroke.
 */
export function followPointer(canvas, { begin, go, end }) {
  let pointer = null
  const shareOfCanvas = ({ offsetX, offsetY }) => [
    offsetX / canvas.clientWidth,
    offsetY / canvas.clientHeight,
  ]
  canvas.addEventListener('pointerdown', (event) => {
    if (pointer !== null || event.button !== 0) return
    event.preventDefault()
    pointer = event.pointerId
    canvas.setPointerCapture(pointer)
    begin()
    go([shareOfCanvas(event)])
  })
  canvas.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pointer) return
    const all = event.getCoalescedEvents?.() ?? []
    go((all.length > 0 ? all : [event]).map(shareOfCanvas))
  })
  for (const name of ['pointerup', 'pointercancel'])
    canvas.addEventListener(name, (event) => {
      if (event.pointerId !== pointer) return
      pointer = null
      end(name)
    })
}

export function paint(context, stroke, scale, colours) {
  const { width, height } = context.canvas
  context.globalCompositeOperation = 'source-over'
  if (stroke.kind === 'clear') {
    context.clearRect(0, 0, width, height)
  } else if (stroke.kind === 'invert') {
    context.globalCompositeOperation = colours.invert
    context.fillStyle = colours.paint
    context.fillRect(0, 0, width, height)
  } else {
    if (stroke.erases) context.globalCompositeOperation = colours.erase
    context.strokeStyle = stroke.erases ? '#000' : colours.paint
    context.lineWidth = stroke.size * scale
    context.lineCap = 'round'
    context.lineJoin = 'round'
    context.beginPath()
    const [first, ...others] = stroke.points
    context.moveTo(first[0] * scale, first[1] * scale)
    for (const [x, y] of others.length > 0 ? others : [first]) context.lineTo(x * scale, y * scale)
    context.stroke()
  }
}

/** How much of it is painted, in percent. Anything painted is at least 1. */
export function shareOf(canvas) {
  const small = new OffscreenCanvas(64, 64).getContext('2d')
  small.imageSmoothingQuality = 'high'
  small.drawImage(canvas, 0, 0, 64, 64)
  const { data } = small.getImageData(0, 0, 64, 64)
  let sum = 0
  for (let at = 3; at < data.length; at += 4) sum += data[at]
  return Math.ceil((sum * 100) / (64 * 64 * 255))
}

/** White on black, without transparency; null where the browser has no canvas of that size. */
export async function write(strokes, width, height) {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { alpha: false })
  context?.fillRect(0, 0, width, height)
  // A canvas that is too large stays transparent.
  if (context?.getImageData(width - 1, height - 1, 1, 1).data[3] !== 255) return null
  for (const stroke of strokes) paint(context, stroke, 1, white)
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
  canvas.width = 0
  return blob && new File([blob], 'mask.png', { type: 'image/png' })
}
