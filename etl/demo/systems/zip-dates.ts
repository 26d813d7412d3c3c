/**
 * Sets the date of every entry of a ZIP archive, in place: Excel files contain the time of writing and would
 * differ in each build.
 */
export function fixZipDates(zip: Buffer, dosDate = 0x5c9f): void {
  let at = zip.length - 22;
  while (at >= 0 && zip.readUInt32LE(at) !== 0x06054b50) at--;
  if (at < 0) throw new Error("not a ZIP archive");
  let entry = zip.readUInt32LE(at + 16);
  for (let n = zip.readUInt16LE(at + 10); n > 0; n--) {
    const local = zip.readUInt32LE(entry + 42);
    zip.writeUInt16LE(0, entry + 12);
    zip.writeUInt16LE(dosDate, entry + 14);
    zip.writeUInt16LE(0, local + 10);
    zip.writeUInt16LE(dosDate, local + 12);
    entry += 46 + zip.readUInt16LE(entry + 28) + zip.readUInt16LE(entry + 30) + zip.readUInt16LE(entry + 32);
  }
}
