use super::{Dice, Stream};

fn throws(seed: u64, stream: Stream) -> Vec<u64> {
    let mut dice = Dice::new(seed, stream);
    (0..8).map(|_| dice.uniform().to_bits()).collect()
}

#[test]
fn same_seed_throws_the_same() {
    assert_eq!(throws(7, Stream::Noise), throws(7, Stream::Noise));
}

#[test]
fn seeds_and_streams_differ() {
    assert_ne!(throws(7, Stream::Noise), throws(8, Stream::Noise));
    assert_ne!(throws(7, Stream::Noise), throws(7, Stream::Shop));
}

#[test]
fn normal_has_mean_zero_deviation_one() {
    let mut dice = Dice::new(1, Stream::Noise);
    let throws: Vec<f64> = (0..40_000).map(|_| dice.normal()).collect();
    let mean = throws.iter().sum::<f64>() / 40_000.0;
    let variance = throws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 40_000.0;
    let beyond_two = throws.iter().filter(|x| x.abs() > 2.0).count();
    assert!(mean.abs() < 0.02, "mean {mean}");
    assert!((variance - 1.0).abs() < 0.03, "variance {variance}");
    // A normal distribution has 4.55 % beyond two deviations.
    assert!((1_500..2_100).contains(&beyond_two), "{beyond_two} beyond two deviations");
}

#[test]
fn below_reaches_every_number() {
    let mut dice = Dice::new(3, Stream::History);
    let mut seen = [0; 5];
    for _ in 0..500 {
        seen[dice.below(5)] += 1;
    }
    assert!(seen.iter().all(|&count| count > 60), "{seen:?}");
    assert_eq!(dice.below(0), 0);
}
