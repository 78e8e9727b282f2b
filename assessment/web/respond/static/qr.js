// A small QR encoder (ISO/IEC 18004): bytes, error correction level L, versions 1 to 20, which is 858 characters.
// Drawn by the page itself, so that a kept credential is sent to nobody.

// By version, from the standard's table 9: correction bytes of each block, and the number of blocks.
const CORRECTION = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28]
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8]
const LEVEL_L = 1

// Which modules a mask turns over (section 7.8.2), by row and column.
const MASKS = [
  (i, j) => (i + j) % 2,
  i => i % 2,
  (_, j) => j % 3,
  (i, j) => (i + j) % 3,
  (i, j) => ((i >> 1) + Math.floor(j / 3)) % 2,
  (i, j) => ((i * j) % 2) + ((i * j) % 3),
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2,
  (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2,
]

/** Return rows of 0 and 1 for a text; version and mask are the smallest and the best unless a test prescribes them. */
export function encode(text, { version, mask } = {}) {
  const bytes = new TextEncoder().encode(text)
  version ??= CORRECTION.findIndex((_, i) => bytes.length <= capacity(i + 1)) + 1
  if (!version) throw new RangeError(`${bytes.length} bytes are too long for a QR code of version 20`)
  const bits = interleave(dataBytes(bytes, version), version).flatMap(byte => bitsOf(byte, 8))
  if (mask !== undefined) return draw(bits, version, mask)
  const drawn = MASKS.map((_, i) => draw(bits, version, i))
  const penalties = drawn.map(penalty)
  return drawn[penalties.indexOf(Math.min(...penalties))]
}

/** Draw a code (SVG) with the quiet zone of four modules that readers need. */
export function drawn(text, label) {
  const rows = encode(text)
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const code = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  svg.setAttribute('viewBox', `-4 -4 ${rows.length + 8} ${rows.length + 8}`)
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', label)
  const squares = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
  code.setAttribute('d', squares.join(''))
  svg.append(code)
  return svg
}

const bitsOf = (number, n) => Array.from({ length: n }, (_, i) => (number >> (n - 1 - i)) & 1)
const sizeOf = version => 17 + 4 * version

/** How many modules carry data: all but finders, timing, alignment, format and version. */
function rawBits(version) {
  const n = version > 1 ? Math.floor(version / 7) + 2 : 0
  const alignment = n ? 25 * (n * n - 3) - 10 * (n - 2) : 0
  return sizeOf(version) ** 2 - 192 - 2 * (sizeOf(version) - 16) - 31 - alignment - (version > 6 ? 36 : 0)
}

const totalBytes = version => rawBits(version) >> 3
const nDataBytes = version => totalBytes(version) - CORRECTION[version - 1] * BLOCKS[version - 1]
const countBits = version => (version < 10 ? 8 : 16)
const capacity = version => nDataBytes(version) - (countBits(version) + 4) / 8

/** Mode, length, content, terminator and filling (section 7.4). */
function dataBytes(bytes, version) {
  const bits = [...bitsOf(4, 4), ...bitsOf(bytes.length, countBits(version))]
  for (const byte of bytes) bits.push(...bitsOf(byte, 8))
  // The terminator's four bits end on a byte here: mode and length have 12 or 20.
  bits.push(...bitsOf(0, 4).slice(0, Math.max(0, 8 * nDataBytes(version) - bits.length)))
  const data = []
  for (let i = 0; i < bits.length; i += 8) data.push(parseInt(bits.slice(i, i + 8).join(''), 2))
  for (let i = 0; data.length < nDataBytes(version); i++) data.push(i % 2 ? 0x11 : 0xec)
  return data
}

// Logarithms of GF(256) with the polynomial 0x11d (section 7.5.2).
const EXP = [1]
for (let i = 1; i < 255; i++) EXP[i] = (EXP[i - 1] << 1) ^ (EXP[i - 1] > 127 ? 0x11d : 0)
const LOG = []
EXP.forEach((power, i) => (LOG[power] = i))
const multiply = (a, b) => (a && b ? EXP[(LOG[a] + LOG[b]) % 255] : 0)

/** The Reed-Solomon correction bytes of a block. */
function correction(data, n) {
  let generator = [1]
  for (let i = 0; i < n; i++) {
    generator = [...generator, 0].map((g, j) => g ^ multiply(j ? generator[j - 1] : 0, EXP[i]))
  }
  const rest = [...data, ...new Array(n).fill(0)]
  for (let i = 0; i < data.length; i++) {
    const lead = rest[i]
    if (lead) generator.forEach((g, j) => (rest[i + j] ^= multiply(g, lead)))
  }
  return rest.slice(data.length)
}

/** Cut into blocks, correct each, and deal them out in turn (section 7.6). The last blocks are one byte longer. */
function interleave(data, version) {
  const n = BLOCKS[version - 1]
  const short = Math.floor(data.length / n)
  const nShort = n - (data.length % n)
  const blocks = []
  for (let i = 0, at = 0; i < n; i++) {
    const length = short + (i < nShort ? 0 : 1)
    blocks.push(data.slice(at, at + length))
    at += length
  }
  const corrections = blocks.map(block => correction(block, CORRECTION[version - 1]))
  const deal = parts => {
    const longest = Math.max(...parts.map(part => part.length))
    return Array.from({ length: longest }, (_, i) => parts.filter(part => i < part.length).map(part => part[i])).flat()
  }
  return [...deal(blocks), ...deal(corrections)]
}

/** Place everything on the grid (section 7.7). */
function draw(bits, version, mask) {
  const size = sizeOf(version)
  const rows = Array.from({ length: size }, () => new Array(size).fill(null))
  const put = (y, x, dark) => y >= 0 && x >= 0 && y < size && x < size && (rows[y][x] = dark ? 1 : 0)
  const squares = (cy, cx, radius, light) => {
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        put(cy + dy, cx + dx, !light.includes(Math.max(Math.abs(dy), Math.abs(dx))))
      }
    }
  }
  for (let i = 0; i < size; i++) {
    put(6, i, i % 2 === 0)
    put(i, 6, i % 2 === 0)
  }
  for (const [y, x] of [[3, 3], [3, size - 4], [size - 4, 3]]) squares(y, x, 4, [2, 4])
  const centres = alignment(version)
  const last = centres.length - 1
  centres.forEach((y, i) =>
    centres.forEach((x, j) => {
      const onFinder = (i === 0 && (j === 0 || j === last)) || (i === last && j === 0)
      if (!onFinder) squares(y, x, 2, [1])
    }),
  )
  placeFormat(put, size, mask)
  if (version > 6) placeVersion(put, size, version)
  // Two columns at a time, from the right, up and down in turn; column 6 belongs to the timing pattern.
  let at = 0
  for (let right = size - 1, up = true; right > 0; right -= right === 8 ? 3 : 2, up = !up) {
    for (let step = 0; step < size; step++) {
      const y = up ? size - 1 - step : step
      for (const x of [right, right - 1]) {
        if (rows[y][x] === null) rows[y][x] = (bits[at++] ?? 0) ^ (MASKS[mask](y, x) === 0 ? 1 : 0)
      }
    }
  }
  return rows
}

/** Centres of the alignment patterns (annex E), evenly spaced from the right. */
function alignment(version) {
  if (version === 1) return []
  const n = Math.floor(version / 7) + 2
  const step = 2 * Math.ceil((4 * version + 4) / (2 * n - 2))
  const centres = [6]
  for (let at = sizeOf(version) - 7; centres.length < n; at -= step) centres.splice(1, 0, at)
  return centres
}

/** The rest of a division of polynomials over GF(2), for format (section 7.9) and version (section 7.10). */
function rest(number, divisor, n) {
  let value = number << n
  for (let i = value.toString(2).length - 1; i >= n; i--) if ((value >> i) & 1) value ^= divisor << (i - n)
  return value
}

function placeFormat(put, size, mask) {
  const data = (LEVEL_L << 3) | mask
  const format = ((data << 10) | rest(data, 0x537, 10)) ^ 0x5412
  for (let i = 0; i < 15; i++) {
    const dark = (format >> i) & 1
    // Once around the upper left finder, once along the two others.
    put(i < 6 ? i : i < 8 ? i + 1 : 8, i < 8 ? 8 : i === 8 ? 7 : 14 - i, dark)
    put(i < 8 ? 8 : size - 15 + i, i < 8 ? size - 1 - i : 8, dark)
  }
  put(size - 8, 8, 1)
}

function placeVersion(put, size, version) {
  const word = (version << 12) | rest(version, 0x1f25, 12)
  for (let i = 0; i < 18; i++) {
    const [far, near] = [size - 11 + (i % 3), Math.floor(i / 3)]
    put(far, near, (word >> i) & 1)
    put(near, far, (word >> i) & 1)
  }
}

/** How hard a grid is to read (section 7.8.3): runs, blocks, shapes like a finder, and too much of one colour. */
function penalty(rows) {
  const size = rows.length
  let points = 0
  for (const lines of [rows, rows.map((_, x) => rows.map(row => row[x]))]) {
    for (const line of lines) {
      const text = line.join('')
      for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) points += run.length - 2
      points += 40 * [...text.matchAll(/(?=10111010000|00001011101)/g)].length
    }
  }
  for (let y = 1; y < size; y++) {
    for (let x = 1; x < size; x++) {
      const sum = rows[y][x] + rows[y - 1][x] + rows[y][x - 1] + rows[y - 1][x - 1]
      if (sum % 4 === 0) points += 3
    }
  }
  const share = rows.flat().reduce((n, dark) => n + dark, 0) / size ** 2
  return points + 10 * Math.floor(Math.abs(share - 0.5) * 20)
}
