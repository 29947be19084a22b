//! Names of people in several scripts, each with the form it takes in an e-mail address.

use crate::dice::Dice;

/// A name as written, and as spelled in an address.
pub(crate) type Name = (&'static str, &'static str);

/// Names that go together.
pub(crate) struct Culture {
    pub(crate) given: &'static [Name],
    pub(crate) family: &'static [Name],
}

/// The culture a family name comes from; any culture for a name that a test made up.
pub(crate) fn culture_of(family_name: &str, dice: &mut Dice) -> &'static Culture {
    CULTURES
        .iter()
        .find(|culture| culture.family.iter().any(|(name, _)| *name == family_name))
        .unwrap_or_else(|| dice.pick(&CULTURES))
}

#[rustfmt::skip]
pub(crate) static CULTURES: [Culture; 12] = [
    Culture {
        given: &[("Amy", "amy"), ("Jack", "jack"), ("Oliver", "oliver"), ("Grace", "grace"), ("Noah", "noah"), ("Ella", "ella"), ("Harry", "harry"), ("Zoe", "zoe"), ("Mary-Jane", "mary-jane"), ("Theo", "theo")],
        family: &[("Miles", "miles"), ("Clark", "clark"), ("Smith", "smith"), ("Wright", "wright"), ("Bennett", "bennett"), ("Cole", "cole"), ("Hughes", "hughes"), ("Smith-Jones", "smith-jones"), ("Turner", "turner"), ("Ward", "ward")],
    },
    Culture {
        given: &[("Aoife", "aoife"), ("Seán", "sean"), ("Niamh", "niamh"), ("Ciarán", "ciaran"), ("Róisín", "roisin"), ("Liam", "liam"), ("Saoirse", "saoirse"), ("Conor", "conor")],
        family: &[("O'Brien", "o'brien"), ("O'Connor", "oconnor"), ("Ní Dhomhnaill", "nidhomhnaill"), ("Murphy", "murphy"), ("O’Sullivan", "o'sullivan"), ("Byrne", "byrne"), ("Mac Gabhann", "macgabhann"), ("Walsh", "walsh")],
    },
    Culture {
        given: &[("Jürgen", "juergen"), ("Anneliese", "anneliese"), ("Björn", "bjoern"), ("Käthe", "kaethe"), ("Sören", "soeren"), ("Lena", "lena"), ("Matthias", "matthias"), ("Jörg", "joerg")],
        family: &[("Müller", "mueller"), ("Groß", "gross"), ("Schäfer", "schaefer"), ("von der Heide", "vonderheide"), ("Weiß", "weiss"), ("Köhler", "koehler"), ("Schmidt", "schmidt"), ("Jäger", "jaeger")],
    },
    Culture {
        given: &[("Łukasz", "lukasz"), ("Małgorzata", "malgorzata"), ("Stanisław", "stanislaw"), ("Żaneta", "zaneta"), ("Zofia", "zofia"), ("Paweł", "pawel"), ("Kinga", "kinga"), ("Michał", "michal")],
        family: &[("Wójcik", "wojcik"), ("Kowalczyk", "kowalczyk"), ("Dąbrowska", "dabrowska"), ("Śliwa", "sliwa"), ("Źrebiec", "zrebiec"), ("Zieliński", "zielinski"), ("Gołąb", "golab"), ("Nowak", "nowak")],
    },
    Culture {
        given: &[("José", "jose"), ("Íñigo", "inigo"), ("Begoña", "begona"), ("João", "joao"), ("Inês", "ines"), ("María del Mar", "maria"), ("Andrés", "andres"), ("Lucía", "lucia")],
        family: &[("Núñez", "nunez"), ("García Márquez", "garciamarquez"), ("Conceição", "conceicao"), ("Muñoz", "munoz"), ("D'Ávila", "d'avila"), ("Peña", "pena"), ("Araújo", "araujo"), ("López", "lopez")],
    },
    Culture {
        given: &[("Chloé", "chloe"), ("François", "francois"), ("Léa", "lea"), ("Jérôme", "jerome"), ("Anaïs", "anais"), ("Benoît", "benoit"), ("Élodie", "elodie"), ("Noël", "noel")],
        family: &[("Lefèvre", "lefevre"), ("D'Angelo", "d'angelo"), ("L'Hôpital", "lhopital"), ("Beauséjour", "beausejour"), ("Çelik", "celik"), ("Bœuf", "boeuf"), ("de La Tour", "delatour"), ("Girard", "girard")],
    },
    Culture {
        given: &[("Олена", "olena"), ("Дмитро", "dmytro"), ("Ірина", "iryna"), ("Юрій", "yurii"), ("Наталія", "nataliia"), ("Сергій", "serhii"), ("Оксана", "oksana"), ("Андрій", "andrii")],
        family: &[("Шевченко", "shevchenko"), ("Коваль", "koval"), ("Бондаренко", "bondarenko"), ("Лисенко", "lysenko"), ("Мельник", "melnyk"), ("Ткачук", "tkachuk"), ("Їжакевич", "yizhakevych"), ("Гончар", "honchar")],
    },
    Culture {
        given: &[("太郎", "taro"), ("花子", "hanako"), ("さくら", "sakura"), ("健一", "kenichi"), ("美咲", "misaki"), ("翔太", "shota"), ("ケン", "ken"), ("由美子", "yumiko")],
        family: &[("山田", "yamada"), ("佐藤", "sato"), ("鈴木", "suzuki"), ("高橋", "takahashi"), ("渡邊", "watanabe"), ("𠮷田", "yoshida"), ("伊藤", "ito"), ("中村", "nakamura")],
    },
    Culture {
        given: &[("伟", "wei"), ("芳", "fang"), ("秀英", "xiuying"), ("娜", "na"), ("敏", "min"), ("静", "jing"), ("磊", "lei"), ("洋", "yang")],
        family: &[("王", "wang"), ("李", "li"), ("张", "zhang"), ("刘", "liu"), ("陈", "chen"), ("杨", "yang"), ("赵", "zhao"), ("欧阳", "ouyang")],
    },
    Culture {
        given: &[("نور", "nour"), ("محمد", "mohamed"), ("ليلى", "layla"), ("يوسف", "youssef"), ("فاطمة", "fatima"), ("عمر", "omar"), ("סתיו", "stav"), ("נועה", "noa")],
        family: &[("الهاشمي", "alhashimi"), ("منصور", "mansour"), ("حداد", "haddad"), ("خوري", "khoury"), ("النجار", "alnajjar"), ("כהן", "cohen"), ("לוי", "levi"), ("צבי", "tzvi")],
    },
    Culture {
        given: &[("आरव", "aarav"), ("प्रिया", "priya"), ("अनन्या", "ananya"), ("रोहन", "rohan"), ("Lakshmi", "lakshmi"), ("Vikram", "vikram"), ("Divya", "divya"), ("Arjun", "arjun")],
        family: &[("शर्मा", "sharma"), ("पटेल", "patel"), ("Iyer", "iyer"), ("Subramaniam", "subramaniam"), ("गुप्ता", "gupta"), ("Nair", "nair"), ("सिंह", "singh"), ("Venkataraghavan", "venkataraghavan")],
    },
    Culture {
        given: &[("Ngọc Ánh", "ngocanh"), ("Đức", "duc"), ("Thảo", "thao"), ("Søren", "soren"), ("Åsa", "asa"), ("Þóra", "thora"), ("Ελένη", "eleni"), ("Γιώργος", "giorgos")],
        family: &[("Nguyễn", "nguyen"), ("Trần", "tran"), ("Ørsted", "orsted"), ("Åkesson", "akesson"), ("Guðmundsdóttir", "gudmundsdottir"), ("Παπαδόπουλος", "papadopoulos"), ("Phạm", "pham"), ("Ek", "ek")],
    },
];

/// What companies call themselves; each owns an address under a reserved top-level domain.
pub(crate) static COMPANIES: [Name; 8] = [
    ("Kestrel Labs", "kestrel-labs.example"),
    ("Brightwater", "brightwater.example"),
    ("Åland & Söhne", "aland-soehne.example"),
    ("Copperfield Retail", "copperfield.example"),
    ("Larkspur Studio", "larkspur.example"),
    ("Halcyon Freight", "halcyonfreight.example"),
    ("Meridian Care", "meridian-care.example"),
    ("Nordlys Games", "nordlys.example"),
];
