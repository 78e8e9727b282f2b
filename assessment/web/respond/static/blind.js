// A respondent's side of RFC 9474 (RSA Blind Signatures): RSABSSA with SHA-384, over BigInt and WebCrypto.
//
// The server signs a message without seeing it. What it signs is the message times a random number, so nothing it
// stores while signing fits one message better than any other. Bytes are Uint8Array, numbers BigInt, big-endian.
//
// BigInt does not compute in constant time. All secrets here are the reader's own, on the reader's own device.

const HASH = 'SHA-384'
const HASH_LENGTH = 48
export const SALT_LENGTH = 48
export const RANDOMIZER_LENGTH = 32

/** What the server sent is no signature of what was blinded; whatever it is, it must not be kept. */
export class InvalidSignature extends Error {}

/** Return n random bytes. */
export const random = n => crypto.getRandomValues(new Uint8Array(n))

/** Join byte arrays. */
export function joined(...parts) {
  const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Bytes to number (OS2IP, RFC 8017 section 4.2). */
export const toNumber = bytes => BigInt('0x0' + Array.from(bytes, b => b.toString(16).padStart(2, '0')).join(''))

/** Number to bytes of a given length (I2OSP, RFC 8017 section 4.1). */
export function toBytes(number, length) {
  const hex = number.toString(16).padStart(2 * length, '0')
  return Uint8Array.from(hex.match(/../g), pair => parseInt(pair, 16))
}

/** Bytes to base64url without padding, as links carry them. */
export const toText = bytes =>
  btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

/** The bytes of a base64url text. */
export const fromText = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0))

/** Read a public key (SubjectPublicKeyInfo, DER) as {n, e, size, bits, verifier}; size in bytes. */
export async function readKey(spki) {
  const verifier = await crypto.subtle.importKey('spki', spki, { name: 'RSA-PSS', hash: HASH }, true, ['verify'])
  const { n, e } = await crypto.subtle.exportKey('jwk', verifier)
  const modulus = toNumber(fromText(n))
  const bits = modulus.toString(2).length
  return { n: modulus, e: toNumber(fromText(e)), size: Math.ceil(bits / 8), bits, verifier }
}

/** PrepareRandomize (RFC 9474 section 4.1): a random prefix, so that nobody can guess what was signed. */
export const prepare = (message, randomizer = random(RANDOMIZER_LENGTH)) => joined(randomizer, message)

/** Blind (RFC 9474 section 4.2): {blinded, inverse}. Salt and factor are drawn unless a test vector prescribes them. */
export async function blind(key, prepared, { salt = random(SALT_LENGTH), factor } = {}) {
  const m = toNumber(await encode(prepared, key.bits - 1, salt))
  const r = factor ?? drawUnit(key.n)
  const inverse = invert(r, key.n)
  // A message or a number that shares a factor with n would give the key away; by chance it does not happen.
  if (inverse === null || invert(m, key.n) === null) throw new RangeError('not invertible')
  return { blinded: toBytes((m * power(r, key.e, key.n)) % key.n, key.size), inverse: toBytes(inverse, key.size) }
}

/** Finalize (RFC 9474 section 4.4): take the random number out again and check what is left. */
export async function finalize(key, prepared, blindSignature, inverse, saltLength = SALT_LENGTH) {
  if (blindSignature.length !== key.size) throw new InvalidSignature('length')
  const signature = toBytes((toNumber(blindSignature) * toNumber(inverse)) % key.n, key.size)
  if (!(await verify(key, prepared, signature, saltLength))) throw new InvalidSignature('does not verify')
  return signature
}

/** RSASSA-PSS-VERIFY (RFC 8017 section 8.1.2), by the browser's own code and not by what is written here. */
export const verify = (key, prepared, signature, saltLength = SALT_LENGTH) =>
  crypto.subtle.verify({ name: 'RSA-PSS', saltLength }, key.verifier, signature, prepared)

const digest = async bytes => new Uint8Array(await crypto.subtle.digest(HASH, bytes))

/** EMSA-PSS-ENCODE (RFC 8017 section 9.1.1). */
async function encode(message, bits, salt) {
  const length = Math.ceil(bits / 8)
  const hash = await digest(joined(new Uint8Array(8), await digest(message), salt))
  const block = new Uint8Array(length - HASH_LENGTH - 1)
  block.set([1, ...salt], block.length - salt.length - 1)
  const mask = await generateMask(hash, block.length)
  const masked = block.map((byte, i) => byte ^ mask[i])
  // The leftmost bits are cleared so that the number is smaller than the modulus.
  masked[0] &= 0xff >> (8 * length - bits)
  return joined(masked, hash, [0xbc])
}

/** MGF1 (RFC 8017 appendix B.2.1). */
async function generateMask(seed, length) {
  let mask = new Uint8Array()
  for (let n = 0; mask.length < length; n++) mask = joined(mask, await digest(joined(seed, [0, 0, 0, n])))
  return mask.slice(0, length)
}

/** A number that is drawn evenly from 2 … n - 1: whatever does not fit is drawn again. */
function drawUnit(n) {
  const bits = n.toString(2).length
  for (;;) {
    const bytes = random(Math.ceil(bits / 8))
    bytes[0] &= 0xff >> (8 * bytes.length - bits)
    const r = toNumber(bytes)
    if (r > 1n && r < n && invert(r, n) !== null) return r
  }
}

/** base ** exponent mod n, by squaring. */
function power(base, exponent, n) {
  let result = 1n
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % n
    base = (base * base) % n
  }
  return result
}

/** The inverse mod n by Euclid's algorithm, or null when there is none. */
function invert(number, n) {
  let [a, b, x, y] = [number % n, n, 1n, 0n]
  while (b) {
    const q = a / b
    ;[a, b, x, y] = [b, a - q * b, y, x - q * y]
  }
  return a === 1n ? ((x % n) + n) % n : null
}
