/** Which technique fits a model. */
import { didYouMean, phrase, TesseraError } from "../errors/index.ts";
import type { MiningModel } from "../model/mining-model.ts";
import type { Technique } from "./technique.ts";
import { TECHNIQUES } from "./techniques.ts";

/** The model's own technique, or the one of its name. @throws TesseraError `mining-invalid` */
export function techniqueOf(model: MiningModel): Technique {
  const place = `model ${model.name} › technique`;
  const { implementation } = model;
  if (implementation !== undefined) {
    if (isTechnique(implementation)) return implementation;
    throw new TesseraError("mining-invalid", phrase`technique "${implementation.name}" lacks fit, score or report`, {
      place,
      remedy: "make it with `defineTechnique`",
    });
  }
  // each technique takes its own declaration; which one this model has is known by its name alone
  const techniques = TECHNIQUES as unknown as { readonly [name: string]: Technique | undefined };
  const technique = techniques[model.technique];
  if (technique) return technique;
  const names = Object.keys(TECHNIQUES);
  throw new TesseraError(
    "mining-invalid",
    phrase`technique "${model.technique}" not found${didYouMean(model.technique, names)}`,
    { place, remedy: phrase`choose among ${names.join(", ")}` },
  );
}

const isTechnique = (value: object): value is Technique =>
  ["fit", "score", "report"].every((name) => name in value && typeof Reflect.get(value, name) === "function");
