import { expect, it } from "vitest";
import { romanised, syllables } from "../../../etl/match/romanise.ts";

it("Chinese names are read as surname and given name, in the order of their letters; other texts are not", async () => {
  const read = await syllables();
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["张伟", "wei zhang"],
    ["張偉", "wei zhang"],
    ["张 伟", "wei zhang"],
    ["王伟明", "wang weiming"],
    ["欧阳娜娜", "nana ouyang"],
    ["司马光", "guang sima"],
    ["单雄信", "shan xiongxin"],
    ["曾国藩", "guofan zeng"],
    ["吕布", "bu lu"],
    ["张", undefined],
    ["Zhang Wei", undefined],
    ["张 Wei", undefined],
    ["", undefined],
    ["田中さくら", undefined],
    ["中华人民共和国有限公司", undefined],
  ];
  expect(cases.map(([name]) => [name, romanised(name, read)])).toEqual(cases);
});
