"""Words that invented families are made of. Nobody real: names common enough to belong to nobody in particular.

Telephone numbers lie in the range that Ofcom keeps for drama, NHS numbers in the range for tests, e-mail under
example.org. The postcodes are real ones around Chard and Ilminster, so that distances are; the streets are not.
"""

FAMILY_NAMES = (
    "Abbot", "Ashdown", "Barrowby", "Birchall", "Bramwell", "Calloway", "Carver", "Cheriton", "Coombe",
    "Dauncey", "Elsworth", "Fairweather", "Farrow", "Garland", "Greenslade", "Hallett", "Harcombe", "Hembrow",
    "Iqbal", "Jankowski", "Kelland", "Kowalczyk", "Larcombe", "Loveridge", "Lowman", "Maddocks", "Marchetti",
    "Meadows", "Mistry", "Northcott", "Okafor", "Paddon", "Penrose", "Pomeroy", "Quick", "Rendell", "Rowsell",
    "Sandford", "Sellick", "Silva", "Stanbury", "Summerhayes", "Tapscott", "Thornbury", "Tozer", "Uddin",
    "Vickery", "Wadham", "Winslade", "Yandle",
)  # fmt: skip
WOMEN = (
    "Agnieszka", "Amara", "Amelia", "Beth", "Bianca", "Carly", "Chloe", "Danielle", "Ellie", "Farida", "Gemma",
    "Hannah", "Ines", "Jade", "Kayleigh", "Leanne", "Magda", "Naomi", "Priya", "Rachel", "Sadia", "Tamsin", "Zoë",
)  # fmt: skip
MEN = (
    "Aaron", "Adeel", "Ben", "Callum", "Craig", "Dan", "Emeka", "Gareth", "Imran", "Jamie", "Kieran", "Lee", "Luca",
    "Marek", "Nathan", "Owen", "Piotr", "Rhys", "Ryan", "Sam", "Tom", "Will", "Yusuf",
)  # fmt: skip
GIRLS = (
    "Aisha", "Alba", "Daisy", "Eliza", "Esme", "Fern", "Hallie", "Isla", "Ivy", "Kaja", "Lottie", "Maisie", "Mila",
    "Nell", "Olive", "Poppy", "Rosa", "Ruby", "Sienna", "Thea", "Willow", "Zara",
)  # fmt: skip
BOYS = (
    "Alfie", "Arlo", "Bohdan", "Caleb", "Dexter", "Eddie", "Finn", "George", "Hamza", "Jago", "Jude", "Kit", "Leo",
    "Mason", "Noah", "Oskar", "Rafe", "Reggie", "Silas", "Teddy", "Toby", "Zain",
)  # fmt: skip
STREETS = (
    "Bluebell Close", "Cider Lane", "Drovers Way", "Falcon Rise", "Gooseacre", "Harness Row", "Kiln Meadow",
    "Lacemakers Court", "Mill Leat", "Orchard Bank", "Quarry Field", "Weavers Green",
)  # fmt: skip
POSTCODES = {
    "Chard": ("TA20 1DS", "TA20 1FP", "TA20 1GD", "TA20 1HN", "TA20 1HR", "TA20 1LH", "TA20 2AS", "TA20 2HS"),
    "Ilminster": ("TA19 0DD", "TA19 0EP", "TA19 0HF", "TA19 0HN"),
}
SCHOOLS = ("Furzehill Primary", "Greenway Infants", "Holloway Academy", "Lacemoor Primary", "St Aldhelm's Primary")
SURGERIES = ("Drake Surgery", "Millbrook Medical Practice", "Summervale Practice")
LANGUAGES = ("Arabic", "Bengali", "Polish", "Portuguese", "Romanian", "Ukrainian")
ADULT_NEEDS = (
    "food_or_fuel_poverty", "debt_or_arrears", "eviction_risk", "unsuitable_home", "adult_out_of_work",
    "parent_mental_health", "parenting_support", "new_or_expectant_parent_support",
)  # fmt: skip
CHILD_NEEDS = (
    "attendance_below_90", "child_0_5_speech_language", "child_mental_health", "school_readiness", "sen_not_met",
    "young_carer",
)  # fmt: skip
