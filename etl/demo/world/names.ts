import type { Language } from "./geography.ts";

interface Names {
  readonly female: readonly string[];
  readonly male: readonly string[];
  readonly last: readonly string[];
  readonly streets: readonly string[];
}
const names = (female: string, male: string, last: string, streets: string): Names => ({
  female: female.split(" "),
  male: male.split(" "),
  last: last.split(" "),
  streets: streets.split(","),
});

export const NAMES: { readonly [language in Language]: Names } = {
  de: names(
    "Anna Maria Sabine Petra Julia Katharina Claudia Susanne Kerstin Käthe Lena Laura Sophie Hannah Mia Emma " +
      "Johanna Birgit Monika Heike Ursula Nicole Stefanie Andrea Christina Theresa Zoë Melanie Franziska Bärbel",
    "Thomas Michael Andreas Stefan Peter Jürgen Günther Jörg Björn Lukas Felix Maximilian Paul Jonas Leon " +
      "Markus Matthias Christian Daniel Sebastian Tobias Florian Wolfgang Klaus Uwe Frank Martin Jan Tim Götz",
    "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter " +
      "Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause " +
      "Lehmann Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn " +
      "Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster " +
      "Simon Ludwig Böhm Groß",
    "Hauptstraße,Bahnhofstraße,Gartenstraße,Schulstraße,Lindenweg,Goethestraße,Schillerplatz,Am Markt," +
      "Rosenweg,Mühlenweg,Bergstraße,Kirchgasse",
  ),
  nl: names(
    "Emma Julia Sanne Anouk Lotte Femke Maaike Lieke Eva Fleur Iris Marieke Esther Ingrid Wilma",
    "Daan Sem Jeroen Pieter Bram Thijs Lars Ruben Sander Wouter Joost Koen Maarten Hendrik Willem",
    "Jansen Bakker Visser Smit Meijer Mulder Bos Vos Peters Hendriks Dekker Brouwer Dijkstra Smits Kok Jacobs " +
      "Vermeulen Hermans Willems Claes Maes Wouters Peeters Janssens Mertens",
    "Kerkstraat,Dorpsstraat,Molenweg,Schoolstraat,Stationsweg,Julianalaan,Prinsengracht,Nieuwstraat",
  ),
  fr: names(
    "Camille Léa Manon Chloé Élodie Sophie Céline Aurélie Hélène Amélie Juliette Margaux Inès Zoé Nathalie",
    "Lucas Hugo Théo Jérôme François Nicolas Antoine Julien Rémi Loïc Mathieu Olivier Étienne Gaël Benoît",
    "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre Michel Garcia " +
      "David Bertrand Roux Vincent Fournier Morel Girard André Mercier Dupont Lambert Bonnet",
    "Rue de la Paix,Rue Victor Hugo,Avenue Foch,Place de la Mairie,Rue des Écoles,Boulevard Voltaire," +
      "Rue du Moulin,Chemin Vert",
  ),
  pl: names(
    "Anna Katarzyna Małgorzata Agnieszka Barbara Ewa Magdalena Joanna Zofia Łucja Jana Eva Lucie Tereza Kateřina",
    "Piotr Krzysztof Andrzej Tomasz Paweł Michał Marcin Łukasz Jakub Jan Petr Tomáš Jiří Martin Ondřej",
    "Kowalski Nowak Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak " +
      "Dąbrowski Kozłowski Mazur Krawczyk Novák Svoboda Dvořák Černý Procházka Kučera Veselý Horák",
    "Polna,Leśna,Słoneczna,Krótka,Szkolna,Ogrodowa,Lipowa,Nádražní",
  ),
  da: names(
    "Anne Mette Kirsten Hanne Signe Ida Freja Karen Line Åse",
    "Jens Lars Søren Mads Rasmus Jørgen Kåre Niels Anders Bo",
    "Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Møller " +
      "Østergaard Kjær",
    "Vestergade,Østergade,Algade,Skovvej,Strandvejen,Kirkevej",
  ),
  it: names(
    "Giulia Francesca Chiara Sara Martina Elena Paola Laura Silvia Valentina",
    "Marco Luca Andrea Matteo Alessandro Davide Giuseppe Paolo Niccolò Stefano",
    "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Conti De Luca".replace("De Luca", "Deluca"),
    "Via Roma,Via Garibaldi,Corso Italia,Via Verdi,Piazza Dante,Via Mazzini",
  ),
  es: names(
    "María Carmen Lucía Ana Isabel Sofía Paula Marta Elena Inés",
    "José Antonio Manuel David Javier Álvaro Sergio Pablo Andrés Raúl",
    "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Jiménez Ruiz Muñoz Núñez",
    "Calle Mayor,Calle Real,Avenida de la Constitución,Plaza España,Calle del Sol",
  ),
};

export const COMPANY_WORDS = (
  "Alpen Nord Rhein Meridian Atlas Quadrat Linden Silber Hanse Orion Delta Vista Terra Nova Central Euro Iso " +
  "Proto Luma Kontur Falk Berg Ost Weser Adria"
).split(" ");
export const COMPANY_KINDS = "bau technik hotel logistik werke consult medien klinik schule gastro studio labor".split(
  " ",
);
export const INDUSTRIES: { readonly [kind: string]: string } = {
  bau: "Construction",
  technik: "Engineering",
  hotel: "Hospitality",
  logistik: "Logistics",
  werke: "Manufacturing",
  consult: "Services",
  medien: "Media",
  klinik: "Health",
  schule: "Education",
  gastro: "Hospitality",
  studio: "Media",
  labor: "Health",
};
export const LEGAL_FORMS: { readonly [code: string]: string } = {
  DE: "GmbH",
  AT: "GmbH",
  CH: "AG",
  NL: "B.V.",
  BE: "NV",
  FR: "SARL",
  PL: "Sp. z o.o.",
  CZ: "s.r.o.",
  DK: "A/S",
  IT: "S.r.l.",
  ES: "S.L.",
};
export const MAIL_PROVIDERS = [
  "gmail.com",
  "gmx.de",
  "web.de",
  "outlook.com",
  "yahoo.com",
  "icloud.com",
  "mail.example",
  "posteo.de",
] as const;

const SPELLED: { readonly [letter: string]: string } = {
  ä: "ae",
  ö: "oe",
  ü: "ue",
  ß: "ss",
  Ä: "Ae",
  Ö: "Oe",
  Ü: "Ue",
  ø: "o",
  Ø: "O",
  å: "aa",
  Å: "Aa",
  ł: "l",
  Ł: "L",
  æ: "ae",
};
/** How a name is written where umlauts and accents are not to be had. */
export const spelled = (text: string): string =>
  text
    .replace(/[äöüßÄÖÜøØåÅłŁæ]/g, (letter) => SPELLED[letter] ?? letter)
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "");
